import { createHash, randomBytes } from 'node:crypto';
import type { File, Message } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newName, openFileWorld, sha256, type FileWorld } from '../support/file-world.ts';
import { hubDatabases, outcomeOf } from '../support/hub.ts';

describe.each(hubDatabases)('on %s', (kind) => {
  let files: FileWorld;
  beforeAll(async () => {
    files = await openFileWorld(kind, {
      HUB_FILE_MAX: '3 MB',
      HUB_FILE_QUOTA_USER: '8 MB',
      HUB_FILE_QUOTA: '10 MB',
    });
  }, 60_000);
  afterAll(() => files[Symbol.asyncDispose]());

  test('a file comes in parts, is sent in a message, and is read by who is in the channel', async () => {
    const bytes = randomBytes(200_000);
    const created = await files.create({ name: 'Übersicht (1).bin', size: bytes.length });
    expect(created.statusCode).toBe(201);
    const { id } = created.json<File>();
    expect(created.json()).toMatchObject({
      state: 'uploading',
      received: 0,
      type: 'application/octet-stream',
    });
    const first = await files.write(id, 0, bytes.subarray(0, 150_000));
    expect(first.json()).toMatchObject({ received: 150_000 });
    await files.write(id, 150_000, bytes.subarray(150_000));
    expect((await files.finish(id, { sha256: sha256(bytes) })).json()).toMatchObject({
      state: 'ready',
      sha256: sha256(bytes),
      image: null,
    });
    // As long as nobody sent it, it is a draft.
    expect(outcomeOf(await files.get(`/files/${id}`))).toBe('NOT_FOUND');
    const sent = await files.send([id]);
    expect(sent.statusCode).toBe(201);
    const { message } = sent.json<{ message: Message }>();
    expect(message.files?.map((file) => file.id)).toEqual([id]);
    const read = await files.get(`/channels/${files.room}/messages/${message.id}`);
    expect(read.json()).toEqual(message);
    const content = await files.get(`/files/${id}/content`);
    expect(content.statusCode).toBe(200);
    expect(content.rawPayload.equals(bytes)).toBe(true);
    expect((await files.get(`/channels/${files.room}/files`)).json<{ items: File[] }>().items[0]?.id).toBe(
      id,
    );
  });

  test('an upload that was begun twice is one, and what came twice is there once', async () => {
    const bytes = randomBytes(150_000);
    const clientId = newName();
    const made = await Promise.all(
      Array.from({ length: 4 }, () => files.create({ size: bytes.length, clientId })),
    );
    const ids = made.map((response) => response.json<File>().id);
    expect(new Set(ids).size).toBe(1);
    const [id = ''] = ids;
    expect(outcomeOf(await files.create({ size: 1, clientId }))).toBe('CLIENT_ID_REUSED');
    const both = await Promise.all(
      Array.from({ length: 3 }, () => files.write(id, 0, bytes.subarray(0, 100_000))),
    );
    expect(both.map((response) => response.json<File>().received)).toEqual([100_000, 100_000, 100_000]);
    expect(outcomeOf(await files.write(id, 50_000, bytes.subarray(50_000)))).toBe('CONFLICT');
    expect(outcomeOf(await files.write(id, 120_000, bytes.subarray(120_000)))).toBe('CONFLICT');
    expect(outcomeOf(await files.finish(id))).toBe('CONFLICT');
    await files.write(id, 100_000, bytes.subarray(100_000));
    const ends = await Promise.all([files.finish(id), files.finish(id)]);
    expect(ends.map((response) => response.json<File>().sha256)).toEqual([sha256(bytes), sha256(bytes)]);
  });

  test('a part that came in wrong is refused, and a file that did is sent anew', async () => {
    const bytes = randomBytes(1_000);
    const { id } = (await files.create({ size: bytes.length })).json<File>();
    const digest = (of: Uint8Array): Record<string, string> => ({
      'content-digest': `sha-256=:${createHash('sha256').update(of).digest('base64')}:`,
    });
    const wrong = await files.write(id, 0, bytes, { headers: digest(randomBytes(5)) });
    expect(wrong.json()).toMatchObject({ code: 'INVALID', field: 'content-digest' });
    expect(outcomeOf(await files.write(id, 0, bytes, { headers: { 'content-digest': 'sha-256=x' } }))).toBe(
      'INVALID',
    );
    const other = randomBytes(1_000);
    await files.write(id, 0, other, { headers: digest(other) });
    expect(outcomeOf(await files.finish(id, { sha256: sha256(bytes) }))).toBe('CONFLICT');
    expect((await files.get(`/files/${id}`, files.ann)).json()).toMatchObject({ received: 0 });
    await files.write(id, 0, bytes, { headers: digest(bytes) });
    expect((await files.finish(id, { sha256: sha256(bytes) })).json()).toMatchObject({ state: 'ready' });
  });

  test('parts are neither tiny nor empty, and end with their file', async () => {
    const { id } = (await files.create({ size: 200_000 })).json<File>();
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(10)))).toBe('INVALID');
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(0)))).toBe('INVALID');
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(200_001)))).toBe('INVALID');
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(4_194_305)))).toBe('TOO_LARGE');
    const asText = { headers: { 'content-type': 'text/plain' } };
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(200_000), asText))).toBe('UNSUPPORTED_MEDIA');
    expect((await files.get(`/files/${id}`, files.ann)).json()).toMatchObject({ received: 0 });
  });

  test.each([
    '../../etc/passwd',
    '..',
    'a/b.png',
    'a\\b.png',
    'a\0.png',
    'a\nb.png',
    'photo\u202egnp.exe',
    ' ',
    '',
    'x'.repeat(201),
  ])('the name %j is refused', async (name) => {
    expect((await files.create({ name, size: 1 })).json()).toMatchObject({ code: 'INVALID', field: 'name' });
  });

  test('who is not in the channel, or not its uploader, goes on with nothing', async () => {
    const { id } = (await files.create({ size: 1_000 })).json<File>();
    expect(outcomeOf(await files.create({ size: 1_000 }, files.eve))).toBe('NOT_FOUND');
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(1_000), { who: files.eve }))).toBe('NOT_FOUND');
    expect(outcomeOf(await files.write(id, 0, Buffer.alloc(1_000), { who: files.bob }))).toBe('NOT_FOUND');
    await files.write(id, 0, Buffer.alloc(1_000));
    await files.finish(id);
    // Somebody else's, or of another channel.
    expect((await files.send([id], '', files.bob)).json()).toMatchObject({
      code: 'NOT_FOUND',
      field: 'files',
    });
    const other = await files.world.ask('POST', '/channels', {
      token: files.ann.token,
      body: { kind: 'private', name: `other-${newName()}` },
    });
    const elsewhere = await files.world.ask('POST', `/channels/${other.json<{ id: string }>().id}/messages`, {
      token: files.ann.token,
      body: { clientId: newName(), content: '', files: [id] },
    });
    expect(outcomeOf(elsewhere)).toBe('NOT_FOUND');
    expect(outcomeOf(await files.send([id]))).toBe(201);
    // Now it can be seen; it is still not theirs.
    expect(outcomeOf(await files.finish(id, {}, files.bob))).toBe('FORBIDDEN');
  });

  test('a message sent again with its files is one, and each file is in it once', async () => {
    const file = await files.upload(randomBytes(100));
    const body = { clientId: newName(), content: 'look', files: [file.id, file.id] };
    const ask = () =>
      files.world.ask('POST', `/channels/${files.room}/messages`, { token: files.ann.token, body });
    const [one, two] = [await ask(), await ask()];
    expect(two.json()).toEqual(one.json());
    expect(one.json<{ message: Message }>().message.files).toHaveLength(1);
  });

  test('room is taken by what is begun, up to the quotas, and given back by what is deleted', async () => {
    const { world, ann, bob } = files;
    const clear = async (): Promise<void> => {
      await world
        .tables()
        .updateTable('files')
        .set({ kept_until: 1 })
        .where('deleted_at', 'is', null)
        .execute();
      await world.hub.chat.files.collect();
    };
    await clear();
    expect(outcomeOf(await files.create({ size: 3_200_000 }))).toBe('TOO_LARGE');
    const made: string[] = [];
    const begin = async (who = ann): Promise<unknown> => {
      const response = await files.create({ size: 3_000_000 }, who);
      if (response.statusCode === 201) made.push(response.json<File>().id);
      return outcomeOf(response);
    };
    expect([await begin(), await begin(), await begin()]).toEqual([201, 201, 'LIMIT_REACHED']);
    // Of the workspace there is room for one more.
    expect([await begin(bob), await begin(bob)]).toEqual([201, 'LIMIT_REACHED']);
    const [first = ''] = made;
    expect(outcomeOf(await world.ask('DELETE', `/files/${first}`, { token: ann.token }))).toBe(204);
    expect([await begin(), await begin()]).toEqual([201, 'LIMIT_REACHED']);
    await clear();
    // A single place is left for many who ask at once.
    const all = await Promise.all(Array.from({ length: 6 }, () => begin()));
    expect(all.filter((outcome) => outcome === 201)).toHaveLength(2);
    await clear();
    expect(await world.tables().selectFrom('file_usage').select('bytes').execute()).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ bytes: expect.stringMatching(/[1-9]/) })]),
    );
  });
});
