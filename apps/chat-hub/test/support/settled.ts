import { scopes, type File, type Message } from '@parley/hub-protocol';
import type { LightMyRequestResponse } from 'fastify';
import type { Hub } from '../../src/compose.ts';
import { hashOf, newToken } from '../../src/access/secrets.ts';
import { newId } from '../../src/database/ids.ts';
import type { Role, Tables } from '../../src/database/tables.ts';
import { inject } from './hub.ts';

/** Who and what is in a hub. */
export interface Settled {
  readonly owner: string;
  readonly admin: string;
  readonly room: string;
  readonly say: (content: string, hub?: Hub) => Promise<LightMyRequestResponse>;
  /** What is found of it, wherever it is now. */
  readonly look: (hub: Hub) => Promise<{
    readonly messages: string[];
    readonly search: number;
    readonly file: Buffer;
    readonly fileStatus: number;
    readonly rev: number;
  }>;
}

/** An owner and an administrator, an agent, a private channel with a file and a message in it. */
export async function found(hub: Hub, bytes: Uint8Array): Promise<Settled> {
  const user = (handle: string, role: Role, ownerId: string | null = null) =>
    addUser(hub, handle, role, ownerId);
  const ann = await user('ann', 'owner');
  const adam = await user('adam', 'admin');
  await user('agent-of-ann', 'member', ann.id);
  const setup = await inject(hub, 'POST', '/api/v1/setup', {
    body: { code: hub.setup?.code ?? '', password: 'a long password' },
  });
  if (setup.statusCode >= 300) throw new Error(setup.body);
  const token = ann.token;
  const made = await inject(hub, 'POST', '/api/v1/channels', {
    token,
    body: { kind: 'private', name: 'room', members: [adam.id] },
  });
  const room = made.json<{ id: string }>().id;
  const channel = `/api/v1/channels/${room}`;
  const say: Settled['say'] = (content, at = hub) =>
    inject(at, 'POST', `${channel}/messages`, { token, body: { clientId: newId(), content } });
  const file = await upload(hub, channel, token, bytes);
  await inject(hub, 'POST', `${channel}/messages`, {
    token,
    body: { clientId: newId(), content: 'with a file', files: [file.id] },
  });
  await say('before the backup');
  await hub.sealer.seal();
  return {
    owner: token,
    admin: adam.token,
    room,
    say,
    async look(at) {
      const page = await inject(at, 'GET', `${channel}/messages`, { token });
      const found = await inject(at, 'GET', '/api/v1/search?query=backup', { token });
      const content = await inject(at, 'GET', `/api/v1/files/${file.id}/content`, { token });
      const { rev } = await at.tables
        .kysely<Tables>()
        .selectFrom('users')
        .select('rev')
        .where('id', '=', ann.id)
        .executeTakeFirstOrThrow();
      return {
        messages: page.json<{ items: Message[] }>().items.map((message) => message.content),
        search: found.json<{ items: unknown[] }>().items.length,
        file: content.rawPayload,
        fileStatus: content.statusCode,
        rev: Number(rev),
      };
    },
  };
}

export async function takeBackup(hub: Hub, token: string): Promise<Buffer> {
  const response = await inject(hub, 'GET', '/api/v1/backup', { token });
  if (response.statusCode !== 200) throw new Error(response.body);
  return response.rawPayload;
}

async function addUser(
  hub: Hub,
  handle: string,
  role: Role,
  ownerId: string | null,
): Promise<{ id: string; token: string }> {
  const id = newId();
  const token = newToken();
  const kysely = hub.tables.kysely<Tables>();
  const kind = ownerId === null ? 'person' : 'agent';
  const row = {
    id,
    kind,
    handle,
    role,
    display_name: handle,
    created_at: Date.now(),
    owner_id: ownerId,
  } as const;
  await kysely.insertInto('users').values(row).execute();
  await kysely
    .insertInto('tokens')
    .values({
      id: newId(),
      user_id: id,
      name: 'of a test',
      hash: hashOf(token),
      scopes: [...scopes],
      created_at: Date.now(),
    })
    .execute();
  return { id, token };
}

async function upload(hub: Hub, channel: string, token: string, bytes: Uint8Array): Promise<File> {
  const created = await inject(hub, 'POST', `${channel}/files`, {
    token,
    body: { clientId: newId(), name: 'plan.bin', size: bytes.length },
  });
  const { id } = created.json<File>();
  const half = Math.floor(bytes.length / 2);
  for (const [from, to] of [
    [0, half],
    [half, bytes.length],
  ] as const)
    await inject(hub, 'PUT', `/api/v1/files/${id}/parts/${from}`, {
      token,
      body: bytes.subarray(from, to),
      headers: { 'content-type': 'application/octet-stream' },
    });
  const finished = await inject(hub, 'POST', `/api/v1/files/${id}/finish`, { token, body: {} });
  if (finished.statusCode !== 200) throw new Error(finished.body);
  return finished.json<File>();
}
