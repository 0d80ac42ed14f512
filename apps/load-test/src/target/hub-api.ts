/** Who may make users and channels, and how they are known. */
export interface HubApi {
  readonly url: string;
  readonly ask: <T = unknown>(method: string, path: string, body?: object) => Promise<T>;
}

const attempts = 5;

function hubApi(url: string, headers: Readonly<Record<string, string>>): HubApi {
  return {
    url,
    async ask(method, path, body) {
      for (let attempt = 1; ; attempt += 1) {
        const response = await fetch(`${url}/api/v1${path}`, {
          method,
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        // What is answered depends on who asks, and is looked at by them.
        if (response.ok) return text === '' ? undefined : JSON.parse(text);
        if (response.status < 500 || attempt === attempts)
          throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
      }
    },
  };
}

const password = 'a long password';

/** Becomes the owner of a hub that nobody owns yet. */
export async function ownHub(url: string, code: string): Promise<HubApi> {
  const response = await fetch(`${url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, password, handle: 'load-owner' }),
  });
  if (!response.ok) throw new Error(`the hub has no owner: ${response.status} ${await response.text()}`);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return hubApi(url, { cookie, 'sec-fetch-site': 'same-origin' });
}

/** A hub of somebody else, by the token of who runs it. */
export function hubWithToken(url: string, token: string): HubApi {
  return hubApi(url, { authorization: `Bearer ${token}` });
}
