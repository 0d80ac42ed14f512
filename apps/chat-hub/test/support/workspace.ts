import { scopesOfRole, type Role } from '@parley/hub-protocol';
import type { HubProcess } from './hub-process.ts';

/** Somebody of a running hub, with a token. */
export interface Resident {
  readonly id: string;
  readonly handle: string;
  readonly token: string;
}

export interface Workspace {
  readonly owner: Resident;
  /** Adds a person or an agent, who comes in with a code as everybody does. */
  readonly add: (handle: string, kind?: 'person' | 'agent', role?: Role) => Promise<Resident>;
}

const password = 'a long password';

/** Becomes the owner of a hub that nobody owns yet. */
export async function settle(hub: Pick<HubProcess, 'url' | 'setupCode'>): Promise<Workspace> {
  const { url } = hub;
  const owner = await personBy(url, await hub.setupCode(), 'owner', 'the-owner');
  return {
    owner,
    async add(handle, kind = 'agent', role = 'member') {
      const { setup } = await ask<{ setup: { code: string } }>(url, 'POST', '/users', {
        headers: { authorization: `Bearer ${owner.token}` },
        body: { handle, kind, role, displayName: handle },
      });
      return kind === 'person' ? personBy(url, setup.code, role) : agentBy(url, setup.code);
    },
  };
}

interface Entry {
  readonly user: { readonly id: string; readonly handle: string };
  readonly credentials: { readonly secret: string } | null;
}

async function agentBy(url: string, code: string): Promise<Resident> {
  const { user, credentials } = await ask<Entry>(url, 'POST', '/setup', { body: { code } });
  if (credentials === null) throw new Error(`${user.handle} was given no token`);
  return { id: user.id, handle: user.handle, token: credentials.secret };
}

/** Signs in on the page of the hub, and makes a token there. */
async function personBy(url: string, code: string, role: Role, handle?: string): Promise<Resident> {
  let cookie = '';
  const body = { code, password, ...(handle !== undefined && { handle }) };
  const { user } = await ask<Entry>(url, 'POST', '/setup', {
    body,
    onHeaders: (headers) => (cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''),
  });
  const { secret } = await ask<{ secret: string }>(url, 'POST', '/tokens', {
    headers: { cookie, origin: url },
    body: { name: 'of a test', scopes: scopesOfRole[role] },
  });
  return { id: user.id, handle: user.handle, token: secret };
}

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
  readonly onHeaders?: (headers: Headers) => void;
}

async function ask<T>(
  url: string,
  method: string,
  path: string,
  { headers, body, onHeaders }: Asked,
): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  onHeaders?.(response.headers);
  const answer: T = JSON.parse(text);
  return answer;
}
