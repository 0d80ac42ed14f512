import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { dirname, join } from 'node:path';
import { silentLogger, type Logger } from '@parley/cache-core/kernel';
import { ConfigError } from '@parley/runtime';
import { startS3, startSmallDisk, type S3Server, type SmallDisk } from '@parley/services';
import type { File } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BlobStore } from '../../src/files/blobs/blob-store.ts';
import { diskBlobs } from '../../src/files/blobs/disk-blobs.ts';
import type { S3Options } from '../../src/files/blobs/s3-blobs.ts';
import { openBlobs } from '../../src/files/blobs/open-blobs.ts';
import { standardFileBounds, type FilePlace } from '../../src/files/file-config.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { newName, openFileWorld, sha256, type FileWorld } from '../support/file-world.ts';
import { inject, outcomeOf } from '../support/hub.ts';

vi.setConfig({ testTimeout: 60_000 });

let s3: S3Server;
let disk: SmallDisk;
beforeAll(async () => {
  [s3, disk] = await Promise.all([startS3(), startSmallDisk({ mebibytes: 8 })]);
}, 60_000);
afterAll(async () => {
  await s3[Symbol.asyncDispose]();
  await disk[Symbol.asyncDispose]();
});

const bucketOf = (more: Partial<S3Options> = {}): FilePlace => ({
  kind: 's3',
  ...s3,
  prefix: '',
  region: 'us-east-1',
  ...more,
});

const s3Env = (): Record<string, string> => ({
  HUB_FILES: `s3://${s3.bucket}/hub`,
  HUB_S3_ENDPOINT: s3.endpoint,
  HUB_S3_ACCESS_KEY: s3.accessKey,
  HUB_S3_SECRET_KEY: s3.secretKey,
});

describe.each(['folder', 's3'] as const)('bytes in a store of the kind %s', (kind) => {
  let store: BlobStore;
  beforeAll(async () => {
    const folder = join(disk.folder, 'blobs');
    store = await openBlobs(kind === 'folder' ? { kind, path: folder } : bucketOf({ prefix: 'some/where/' }));
  });

  const read = async (key: string, first: number, last: number): Promise<Buffer> =>
    buffer(await store.read(key, { first, last }));

  test('are read as they were written, in ranges', async () => {
    const bytes = randomBytes(300_000);
    await store.put('one', bytes);
    expect((await read('one', 0, bytes.length - 1)).equals(bytes)).toBe(true);
    expect((await read('one', 7, 7)).equals(bytes.subarray(7, 8))).toBe(true);
    expect((await read('one', 299_990, 299_999)).equals(bytes.subarray(-10))).toBe(true);
  });

  test('are gone when they are deleted, as often as that is', async () => {
    await store.put('two', randomBytes(10));
    await store.delete('two');
    await store.delete('two');
    await expect(read('two', 0, 9)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

test('a place that cannot be used is told at the start, without the secret', async () => {
  const wrong: FilePlace[] = [
    { kind: 'folder', path: '/dev/null/files' },
    bucketOf({ bucket: 'missing' }),
    bucketOf({ secretKey: 'not the secret' }),
  ];
  for (const place of wrong) {
    const outcome = await openBlobs(place).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ConfigError);
    expect(String(outcome)).toContain('HUB_FILES');
    expect(String(outcome)).not.toContain('not the secret');
  }
});

describe('a hub with an object store', () => {
  let files: FileWorld;
  beforeAll(async () => {
    files = await openFileWorld('postgres', s3Env());
  }, 60_000);
  afterAll(() => files[Symbol.asyncDispose]());

  test('goes on with an upload on another node, which reads what the first one wrote', async () => {
    const other = await files.world.another();
    const bytes = randomBytes(200_000);
    const clientId = newName();
    const { id } = (await files.create({ size: bytes.length, clientId })).json<File>();
    await files.write(id, 0, bytes.subarray(0, 100_000));
    const path = `/api/v1/channels/${files.room}/files`;
    const body = { clientId, name: 'a.bin', size: bytes.length };
    const again = await inject(other, 'POST', path, { token: files.ann.token, body });
    expect(again.json()).toMatchObject({ id, received: 100_000 });
    await files.write(id, 100_000, bytes.subarray(100_000), { hub: other });
    expect((await files.finish(id)).json()).toMatchObject({ sha256: sha256(bytes) });
    await files.send([id]);
    const read = await inject(other, 'GET', `/api/v1/files/${id}/content`, { token: files.bob.token });
    expect(read.rawPayload.equals(bytes)).toBe(true);
  });

  test('says that the store is away, and goes on when it is back', async () => {
    const bytes = randomBytes(200_000);
    const { file } = await files.share(bytes);
    const { id } = (await files.create({ size: bytes.length })).json<File>();
    await files.write(id, 0, bytes.subarray(0, 100_000));
    await s3.kill();
    expect(outcomeOf(await files.write(id, 100_000, bytes.subarray(100_000)))).toBe('UNAVAILABLE');
    expect(outcomeOf(await files.get(`/files/${file.id}/content`))).toBe('UNAVAILABLE');
    expect(outcomeOf(await files.send([], 'people go on'))).toBe('INVALID');
    await s3.start();
    expect((await files.write(id, 100_000, bytes.subarray(100_000))).json()).toMatchObject({
      received: bytes.length,
    });
    expect((await files.finish(id, { sha256: sha256(bytes) })).json()).toMatchObject({ state: 'ready' });
    expect((await files.get(`/files/${file.id}/content`)).rawPayload.equals(bytes)).toBe(true);
  });
});

test('a full disk refuses a part for now, leaves nothing of it there, and takes it when there is room', async () => {
  const folder = join(disk.folder, 'full');
  await using files = await openFileWorld('embedded', { HUB_FILES: folder });
  const bytes = randomBytes(1_000_000);
  const { id } = (await files.create({ size: bytes.length })).json<File>();
  await files.write(id, 0, bytes.subarray(0, 300_000));
  await disk.fill(100_000);
  const refused = await files.write(id, 300_000, bytes.subarray(300_000));
  expect(refused.json()).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  expect(refused.headers['retry-after']).toBe('60');
  expect(await files.blobs()).toBe(1);
  await disk.clear();
  await files.write(id, 300_000, bytes.subarray(300_000));
  expect((await files.finish(id, { sha256: sha256(bytes) })).json()).toMatchObject({ state: 'ready' });
});

test('so much of a disk is left free for others, and what is left is used to its end where nobody says so', async () => {
  const folder = join(disk.folder, 'spare');
  const careful = diskBlobs(folder);
  await careful.open();
  await disk.fill(1_200_000);
  await careful.put('first', randomBytes(100_000));
  await expect(careful.put('second', randomBytes(400_000))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfter: 60_000,
  });
  const careless = diskBlobs(folder, { spare: () => -8_000_000 });
  await careless.put('second', randomBytes(400_000));
  // It is the disk that says no.
  await expect(careless.put('third', randomBytes(1_000_000))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfter: 60_000,
  });
  expect((await readdir(join(folder, 'rd'))).toSorted()).toEqual([]);
  await disk.clear();
});

describe('the place that has the files', () => {
  const bounds = standardFileBounds;
  let files: FileWorld;
  beforeAll(async () => {
    files = await openFileWorld('embedded');
  }, 60_000);
  afterAll(() => files[Symbol.asyncDispose]());
  const openAt = (place: FilePlace, logger: Logger = silentLogger) =>
    openFiles({ place, ...bounds }, { tables: files.world.hub.tables, logger });

  test('may be away when a hub starts', async () => {
    const warn = vi.fn<() => void>();
    await s3.kill();
    const parts = await openAt(bucketOf(), { ...silentLogger, warn });
    expect(warn).toHaveBeenCalled();
    await expect(parts?.mark.ensure()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await s3.start();
    await parts?.mark.ensure();
  });

  test('is known: another one is not begun with, and from one that is not there nothing is taken for removed', async () => {
    const elsewhere = join(disk.folder, 'elsewhere');
    // Without files any place is right.
    await expect(openAt({ kind: 'folder', path: elsewhere })).resolves.toBeDefined();
    await expect(openAt({ kind: 'folder', path: files.folder })).resolves.toBeDefined();
    const { file } = await files.share(randomBytes(100));
    const wrong = await openAt({ kind: 'folder', path: elsewhere }).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(ConfigError);
    const [, path = ''] = /: (\S+\/hub-[0-9a-f]{16}) is not there/.exec(String(wrong)) ?? [];
    await rename(files.folder, `${files.folder}-away`);
    await mkdir(files.folder);
    await files.world.tables().updateTable('files').set({ kept_until: 1 }).execute();
    await expect(files.world.hub.chat.files.collect()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const { id } = (await files.create({ size: 5 })).json<File>();
    expect(outcomeOf(await files.write(id, 0, Buffer.from('hello')))).toBe('UNAVAILABLE');
    await rm(files.folder, { recursive: true });
    await rename(`${files.folder}-away`, files.folder);
    expect(await files.blobs()).toBe(1);
    expect(outcomeOf(await files.write(id, 0, Buffer.from('hello')))).toBe(200);
    expect(await files.world.hub.chat.files.collect()).toBe(1);
    expect(file.id).not.toBe(id);
    // What whoever runs the hub is told to do helps.
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'x');
    await expect(openAt({ kind: 'folder', path: elsewhere })).resolves.toBeDefined();
  });

  test('is tried by several nodes at once', async () => {
    const place: FilePlace = { kind: 'folder', path: join(disk.folder, 'many') };
    await Promise.all(Array.from({ length: 8 }, () => openBlobs(place)));
    expect(await readdir(place.kind === 'folder' ? place.path : '')).toEqual([]);
  });
});

test('without a place there are no files, and everything else is', async () => {
  await using files = await openFileWorld('embedded', { HUB_FILES: 'off' });
  expect(outcomeOf(await files.create({ size: 5 }))).toBe('FORBIDDEN');
  expect((await files.get(`/channels/${files.room}/files`)).json()).toEqual({ items: [], next: null });
  expect(await files.world.hub.chat.files.collect()).toBe(0);
});
