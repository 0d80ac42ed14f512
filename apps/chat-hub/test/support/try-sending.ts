import { randomUUID } from 'node:crypto';

export interface Attempt {
  readonly url: string;
  readonly token: string;
  readonly channelId: string;
}

export interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
}

/** One request that nobody repeats: what whoever has no client of ours is told. */
export async function trySending({ url, token, channelId }: Attempt, content = 'x 0'): Promise<Refusal> {
  const response = await fetch(`${url}/api/v1/channels/${channelId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content, clientId: randomUUID() }),
  });
  const { code }: { code?: string } = JSON.parse(await response.text());
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
}
