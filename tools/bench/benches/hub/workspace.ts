import { HttpClient } from './http.ts';
import type { Program } from './program.ts';

export interface Workspace {
  readonly channelId: string;

  /** A channel of the first member alone: what is said there is told to nobody else. */
  readonly asideId: string;

  /** Of the members of the channel. */
  readonly tokens: readonly string[];
}

/** Makes an owner of a new hub, agents, and a channel that all of them are in. */
export async function settle(program: Program, members: number): Promise<Workspace> {
  const client = new HttpClient(`${program.url}/api/v1`);
  const setup = { code: await program.setupCode(), password: 'correct horse battery', handle: 'bench' };
  const { cookie = '' } = await client.ask({ method: 'POST', path: '/setup', body: setup });
  const ask = async (method: 'POST' | 'PUT', path: string, body: object): Promise<Made> => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await client.ask({ method, path, body, headers });
    return Object(answer.body);
  };
  const channel = async (name: string): Promise<string> =>
    (await ask('POST', '/channels', { kind: 'private', name })).id ?? '';
  const [channelId, asideId] = [await channel('bench'), await channel('aside')];
  const tokens: string[] = [];
  for (let i = 0; i < members; i++) {
    const handle = `agent-${i}`;
    const { user } = await ask('POST', '/users', { kind: 'agent', handle, displayName: handle });
    const userId = user?.id ?? '';
    for (const id of i === 0 ? [channelId, asideId] : [channelId])
      await ask('PUT', `/channels/${id}/members/${userId}`, { role: 'member' });
    const made = await ask('POST', '/tokens', { name: 'bench', userId, scopes: ['read', 'write'] });
    tokens.push(made.secret ?? '');
  }
  client.close();
  return { channelId, asideId, tokens };
}

/** What is read of the answers. */
interface Made {
  readonly id?: string;
  readonly user?: { readonly id: string };
  readonly secret?: string;
}
