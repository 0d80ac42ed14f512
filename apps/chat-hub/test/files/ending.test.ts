import { randomBytes } from 'node:crypto';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { File } from '@parley/hub-protocol';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Hub } from '../../src/compose.ts';
import { BlobFaults, Gate } from '../support/blob-faults.ts';
import { openFileWorld, sha256, type FileWorld } from '../support/file-world.ts';
import { inject, outcomeOf } from '../support/hub.ts';

vi.setConfig({ testTimeout: 60_000 });

const faults = new BlobFaults();
let files: FileWorld;
let other: Hub;
beforeAll(async () => {
  files = await openFileWorld('postgres', {}, { wrapBlobs: faults.wrap });
  other = await files.world.another();
}, 60_000);
afterAll(() => files[Symbol.asyncDispose]());
afterEach(() => {
  faults.fault = () => undefined;
});

const begun = async (bytes: Uint8Array): Promise<string> => {
  const { id } = (await files.create({ size: bytes.length })).json<File>();
  for (let at = 0; at < bytes.length; at += 70_000)
    await files.write(id, at, bytes.subarray(at, at + 70_000));
  return id;
};
const collect = () => files.world.hub.chat.files.collect();
/** What is deleted goes by itself, in a moment. */
const settled = () => collect().then(files.blobs);
const readsOf = (id: string): number =>
  faults.done.filter(({ work, key }) => work === 'read' && key.startsWith(id)).length;
const finishAt = (hub: Hub, id: string, body: object) =>
  inject(hub, 'POST', `/api/v1/files/${id}/finish`, { token: files.ann.token, body });

test('an upload that is ended twice at once is read once, part by part beside each other', async () => {
  const bytes = randomBytes(700_000);
  const id = await begun(bytes);
  const gate = new Gate();
  faults.fault = (work) => (work === 'read' ? gate.pass() : undefined);
  const both = [files.finish(id), files.finish(id)];
  await vi.waitFor(() => expect(gate.waiting).toBe(8), { timeout: 20_000 });
  // With another digest it is another question.
  expect(outcomeOf(await files.finish(id, { sha256: sha256(bytes) }))).toBe('UNAVAILABLE');
  gate.open();
  const answers = await Promise.all(both);
  expect(answers.map((answer) => answer.json<File>().sha256)).toEqual([sha256(bytes), sha256(bytes)]);
  expect(readsOf(id)).toBe(10);
});

test('of all that one user ends at once little is read at the same time, and others go on', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => begun(randomBytes(100))));
  const gate = new Gate();
  faults.fault = (work, key) =>
    work === 'read' && ids.some((id) => key.startsWith(id)) ? gate.pass() : undefined;
  const ends = ids.map((id) => files.finish(id));
  await vi.waitFor(() => expect(gate.waiting).toBe(2), { timeout: 20_000 });
  expect(await files.upload(randomBytes(100), 'b', files.bob)).toMatchObject({ state: 'ready' });
  expect(gate.waiting).toBe(2);
  gate.open();
  expect((await Promise.all(ends)).map(outcomeOf)).toEqual([200, 200, 200, 200, 200]);
});

test('what was found in the bytes of one attempt is never told of those of another', async () => {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#268' } })
    .png()
    .toBuffer();
  const id = await begun(picture);
  const gate = new Gate();
  let reads = 0;
  // It has been read through, and is about to be made small.
  faults.fault = (work, key, node) => {
    if (work !== 'read' || node !== 0 || !key.startsWith(id)) return undefined;
    reads += 1;
    return reads === 2 ? gate.pass() : undefined;
  };
  const first = files.finish(id);
  await gate.reached;
  const others = randomBytes(picture.length);
  expect(outcomeOf(await finishAt(other, id, { sha256: sha256(others) }))).toBe('CONFLICT');
  expect((await files.write(id, 0, others, { hub: other })).json()).toMatchObject({
    received: others.length,
  });
  gate.open();
  expect(outcomeOf(await first)).toBe('CONFLICT');
  expect((await files.get(`/files/${id}`, files.ann)).json()).toMatchObject({
    state: 'uploading',
    type: 'application/octet-stream',
    preview: null,
  });
  expect((await finishAt(other, id, { sha256: sha256(others) })).json()).toMatchObject({
    state: 'ready',
    type: 'application/octet-stream',
    sha256: sha256(others),
  });
});

test('what came in wrong is removed at once, as is what is deleted', async () => {
  const before = await settled();
  const bytes = randomBytes(200_000);
  const id = await begun(bytes);
  expect(await files.blobs()).toBe(before + 3);
  expect(outcomeOf(await files.finish(id, { sha256: sha256(randomBytes(1)) }))).toBe('CONFLICT');
  await vi.waitFor(async () => expect(await files.blobs()).toBe(before), { timeout: 20_000 });
  await files.write(id, 0, bytes);
  expect(outcomeOf(await files.finish(id, { sha256: sha256(bytes) }))).toBe(200);
  expect(outcomeOf(await files.world.ask('DELETE', `/files/${id}`, { token: files.ann.token }))).toBe(204);
  await vi.waitFor(async () => expect(await files.blobs()).toBe(before), { timeout: 20_000 });
});

test('a part that comes while its file is deleted leaves nothing behind', async () => {
  const before = await settled();
  const { id } = (await files.create({ size: 100 })).json<File>();
  const gate = new Gate();
  faults.fault = (work) => (work === 'put' ? gate.pass() : undefined);
  const late = files.write(id, 0, randomBytes(100));
  await gate.reached;
  expect(outcomeOf(await files.world.ask('DELETE', `/files/${id}`, { token: files.ann.token }))).toBe(204);
  gate.open();
  expect(outcomeOf(await late)).toBe('NOT_FOUND');
  expect(await files.blobs()).toBe(before);
});

/** Something happened to the disk. */
async function cutShort(id: string): Promise<void> {
  const entries = await readdir(files.folder, { recursive: true, withFileTypes: true });
  const part = entries.find(({ name }) => name.startsWith(id));
  if (part === undefined) throw new Error('it was written');
  await truncate(join(part.parentPath, part.name), 50);
}

test('bytes that are fewer than they were are no file, and no download is waited for', async () => {
  const bytes = randomBytes(1_000);
  const id = await begun(bytes);
  await cutShort(id);
  expect(outcomeOf(await files.finish(id))).toBe('INTERNAL');
  expect((await files.get(`/files/${id}`, files.ann)).json()).toMatchObject({ state: 'uploading' });
  const { file } = await files.share(bytes);
  await cutShort(file.id);
  const url = await files.world.hub.listen();
  const response = await fetch(`${url}/api/v1/files/${file.id}/content`, {
    headers: { authorization: `Bearer ${files.bob.token}` },
  });
  expect(response.headers.get('content-length')).toBe('1000');
  await expect(response.arrayBuffer()).rejects.toThrow('terminated');
});

test('what cannot be removed holds up nothing else, and is told of', async () => {
  const before = await settled();
  const [stuck, second] = [await files.upload(randomBytes(9)), await files.upload(randomBytes(9))];
  const ids = [stuck.id, second.id];
  await files.world.tables().updateTable('files').set({ kept_until: 1 }).where('id', 'in', ids).execute();
  faults.fault = (work, key) => {
    if (work === 'delete' && key.startsWith(stuck.id)) throw new Error('not this one');
  };
  expect(await collect()).toBe(1);
  expect(await files.blobs()).toBe(before + 1);
  const text = files.world.hub.metrics.text();
  expect(text).toMatch(/^parley_file_removals_failed_total [1-9]/m);
  expect(text).toMatch(/^parley_files_collected_total [1-9]/m);
  expect(text).toMatch(/^parley_file_parts_total\{outcome="written"\} [1-9]/m);
  faults.fault = () => undefined;
  expect(await collect()).toBe(1);
  expect(await files.blobs()).toBe(before);
});
