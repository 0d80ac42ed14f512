import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { File, Message } from '@parley/hub-protocol';
import type { LightMyRequestResponse } from 'fastify';
import type { Hub, HubOptions } from '../../src/compose.ts';
import { inject, openTestHub, type HubDatabase, type TestHub, type TestUser } from './hub.ts';

export interface FileWorld extends AsyncDisposable {
  readonly world: TestHub;
  /** Where the hub keeps its files, if that is a folder. */
  readonly folder: string;
  readonly ann: TestUser;
  readonly bob: TestUser;
  /** Not in the room. */
  readonly eve: TestUser;
  /** A private channel of Ann and Bob. */
  readonly room: string;
  readonly create: (
    file: { name?: string; size: number; clientId?: string },
    who?: TestUser,
  ) => Promise<LightMyRequestResponse>;
  readonly write: (
    id: string,
    offset: number,
    bytes: Uint8Array,
    more?: { who?: TestUser; hub?: Hub; headers?: Record<string, string> },
  ) => Promise<LightMyRequestResponse>;
  readonly finish: (id: string, body?: object, who?: TestUser) => Promise<LightMyRequestResponse>;
  /** A file that is finished. */
  readonly upload: (bytes: Uint8Array, name?: string, who?: TestUser) => Promise<File>;
  readonly send: (
    files: readonly string[],
    content?: string,
    who?: TestUser,
  ) => Promise<LightMyRequestResponse>;
  /** The same, sent in a message. */
  readonly share: (bytes: Uint8Array, name?: string) => Promise<{ file: File; message: Message }>;
  readonly get: (
    path: string,
    who?: TestUser,
    headers?: Record<string, string>,
    method?: string,
  ) => Promise<LightMyRequestResponse>;
  /** How many parts of files are in the folder. */
  readonly blobs: () => Promise<number>;
}

/** A hub that keeps files, and three who use it. */
export async function openFileWorld(
  kind: HubDatabase,
  env: Readonly<Record<string, string>> = {},
  options: Pick<HubOptions, 'wrapBlobs'> = {},
): Promise<FileWorld> {
  const own = await mkdtemp(join(tmpdir(), 'parley-files-'));
  const folder = env['HUB_FILES'] ?? own;
  const world = await openTestHub(kind, {
    ...options,
    env: {
      HUB_LIMITS: 'message=off,reaction=off,typing=off,read=off,change=off,address=off,upload=off',
      HUB_FILES: folder,
      ...env,
    },
  });
  const [ann, bob, eve] = [await world.user('ann'), await world.user('bob'), await world.user('eve')];
  const made = await world.ask('POST', '/channels', {
    token: ann.token,
    body: { kind: 'private', name: 'room', members: [bob.id] },
  });
  const room = made.json<{ id: string }>().id;

  const create: FileWorld['create'] = ({ name = 'a.bin', size, clientId = newName() }, who = ann) =>
    world.ask('POST', `/channels/${room}/files`, { token: who.token, body: { clientId, name, size } });
  const write: FileWorld['write'] = (id, offset, bytes, { who = ann, hub = world.hub, headers } = {}) =>
    inject(hub, 'PUT', `/api/v1/files/${id}/parts/${offset}`, {
      token: who.token,
      body: bytes,
      headers: { 'content-type': 'application/octet-stream', ...headers },
    });
  const finish: FileWorld['finish'] = (id, body = {}, who = ann) =>
    world.ask('POST', `/files/${id}/finish`, { token: who.token, body });
  const upload: FileWorld['upload'] = async (bytes, name, who = ann) => {
    const { id } = (
      await create({ size: bytes.length, ...(name !== undefined && { name }) }, who)
    ).json<File>();
    for (let at = 0; at < bytes.length; at += part)
      await write(id, at, bytes.subarray(at, at + part), { who });
    const response = await finish(id, {}, who);
    if (response.statusCode !== 200) throw new Error(response.body);
    return response.json<File>();
  };
  const send: FileWorld['send'] = (files, content = '', who = ann) =>
    world.ask('POST', `/channels/${room}/messages`, {
      token: who.token,
      body: { clientId: newName(), content, files },
    });
  return {
    world,
    folder,
    ann,
    bob,
    eve,
    room,
    create,
    write,
    finish,
    upload,
    send,
    async share(bytes, name) {
      const file = await upload(bytes, name);
      const response = await send([file.id]);
      if (response.statusCode !== 201) throw new Error(response.body);
      return { file, message: response.json<{ message: Message }>().message };
    },
    get: (path, who = bob, headers, method = 'GET') =>
      world.ask(method, path, { token: who.token, ...(headers && { headers }) }),
    async blobs() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('hub-')).length;
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await rm(own, { recursive: true, force: true });
    },
  };
}

const part = 1_048_576;

export const newName = (): string => randomBytes(8).toString('hex');

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
