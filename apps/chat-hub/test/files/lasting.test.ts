import { randomBytes } from 'node:crypto';
import type { File, FileRoom, Message } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { newName, openFileWorld, type FileWorld } from '../support/file-world.ts';
import { hubDatabases, outcomeOf } from '../support/hub.ts';

describe.each(hubDatabases)('on %s', (kind) => {
  let files: FileWorld;
  beforeAll(async () => {
    files = await openFileWorld(kind);
  }, 60_000);
  afterAll(() => files[Symbol.asyncDispose]());

  const everything = (id: string) => [`/files/${id}`, `/files/${id}/content`, `/files/${id}/preview`];
  const gone = async (id: string, who = files.bob): Promise<unknown> => {
    const outcomes = [];
    for (const path of everything(id)) outcomes.push(outcomeOf(await files.get(path, who)));
    return outcomes;
  };
  const nothing = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'];
  const collect = () => files.world.hub.chat.files.collect();
  /** What is deleted goes by itself, in a moment. */
  const settled = () => collect().then(files.blobs);
  const remove = (path: string, who = files.ann) =>
    files.world.ask('DELETE', path, { token: who.token }).then(outcomeOf);

  test('nobody reads it but who is in the channel, from the moment on in which they are', async () => {
    const { file } = await files.share(randomBytes(100));
    expect(await gone(file.id, files.eve)).toEqual(nothing);
    expect(outcomeOf(await files.get(`/channels/${files.room}/files`, files.eve))).toBe('NOT_FOUND');
    expect(await remove(`/files/${file.id}`, files.eve)).toBe('NOT_FOUND');
    const member = `/channels/${files.room}/members/${files.bob.id}`;
    expect(outcomeOf(await files.get(`/files/${file.id}/content`))).toBe(200);
    expect(await remove(member)).toBe(204);
    expect(await gone(file.id)).toEqual(nothing);
    await files.world.ask('PUT', member, { token: files.ann.token, body: {} });
    expect(outcomeOf(await files.get(`/files/${file.id}/content`))).toBe(200);
  });

  test('deleted, it is gone from its message at once, and its bytes soon', async () => {
    const before = await settled();
    const { file, message } = await files.share(randomBytes(1_500_000));
    expect(await files.blobs()).toBe(before + 2);
    // Of another's file only who manages the channel disposes.
    expect(await remove(`/files/${file.id}`, files.bob)).toBe('FORBIDDEN');
    expect(await remove(`/files/${file.id}`)).toBe(204);
    expect(await gone(file.id, files.ann)).toEqual(nothing);
    const path = `/channels/${files.room}/messages/${message.id}`;
    expect((await files.get(path)).json<Message>().files).toEqual([]);
    const log = await files.get(`/channels/${files.room}/log?after=${message.seq}`);
    expect(log.json<{ items: unknown[] }>().items).toMatchObject([
      { event: { type: 'channel.message.edit', message: { id: message.id, files: [] } } },
    ]);
    expect(await remove(`/files/${file.id}`)).toBe('NOT_FOUND');
    await collect();
    expect(await files.blobs()).toBe(before);
    // The message still says that it had one.
    expect((await files.get(path)).json<Message>().files).toEqual([]);
  });

  test('somebody else’s is removed by who manages the channel, and that is noted', async () => {
    const file = await files.upload(randomBytes(50), 'b.bin', files.bob);
    await files.send([file.id], 'look', files.bob);
    expect(await remove(`/files/${file.id}`)).toBe(204);
    const own = await files.share(randomBytes(50));
    expect(await remove(`/files/${own.file.id}`)).toBe(204);
    const noted = await files.world
      .tables()
      .selectFrom('audit')
      .select(['actor_id', 'subject_id', 'channel_id', 'details'])
      .where('action', '=', 'file.remove')
      .execute();
    expect(noted).toEqual([
      {
        actor_id: files.ann.id,
        subject_id: file.id,
        channel_id: files.room,
        details: { ownerId: files.bob.id },
      },
    ]);
  });

  test('whoever uploaded something finds it and its room, and deletes it, wherever they are by now', async () => {
    const { world, ann, eve, room } = files;
    const member = `/channels/${room}/members/${eve.id}`;
    const list = async (query = '') =>
      (await files.get(`/me/files${query}`, eve)).json<{ items: File[]; next: string | null }>();
    const used = async () => (await files.get('/me/file-room', eve)).json<FileRoom>();
    await world.ask('PUT', member, { token: ann.token, body: {} });
    expect((await list()).items).toEqual([]);
    const empty = await used();
    expect(empty).toEqual({ used: 0, limit: 1_073_741_824, largest: 104_857_600 });
    const sent = await files.upload(randomBytes(70), 'c.bin', eve);
    await files.send([sent.id], 'look', eve);
    const draft = await files.upload(randomBytes(30), 'd.bin', eve);
    const begun = (await files.create({ size: 400 }, eve)).json<File>();
    expect(await remove(member)).toBe(204);
    expect((await list()).items.map(({ id }) => id)).toEqual([begun.id, draft.id, sent.id]);
    const first = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${first.next}`);
    expect([...first.items, ...rest.items].map(({ state }) => state)).toEqual([
      'uploading',
      'ready',
      'ready',
    ]);
    expect(await used()).toEqual({ ...empty, used: 500 });
    // It is still nothing for them to read.
    expect(outcomeOf(await files.get(`/files/${sent.id}/content`, eve))).toBe('NOT_FOUND');
    for (const { id } of [sent, draft, begun]) expect(await remove(`/files/${id}`, eve)).toBe(204);
    expect(await used()).toEqual(empty);
    expect((await list()).items).toEqual([]);
    expect(outcomeOf(await files.get(`/files/${sent.id}`))).toBe('NOT_FOUND');
  });

  test('also in a channel that is archived', async () => {
    const { world, ann } = files;
    const made = await world.ask('POST', '/channels', {
      token: ann.token,
      body: { kind: 'private', name: `archived-${newName()}` },
    });
    const { id } = made.json<{ id: string }>();
    const begun = await world.ask('POST', `/channels/${id}/files`, {
      token: ann.token,
      body: { clientId: newName(), name: 'a', size: 5 },
    });
    await world.ask('POST', `/channels/${id}/archive`, { token: ann.token });
    expect(await remove(`/files/${begun.json<File>().id}`)).toBe(204);
  });

  test('is in so many messages at the most, all of which lose it when it is deleted', async () => {
    const { file } = await files.share(randomBytes(10));
    await files.world
      .tables()
      .insertInto('attachments')
      .values(Array.from({ length: 198 }, () => ({ message_id: newId(), nth: 1, file_id: file.id })))
      .execute();
    expect(outcomeOf(await files.send([file.id]))).toBe(201);
    expect((await files.send([file.id])).json()).toMatchObject({ code: 'INVALID', field: 'files' });
    expect(await remove(`/files/${file.id}`)).toBe(204);
  });

  test('with its last message it goes, and not before', async () => {
    const before = await settled();
    const { file, message } = await files.share(randomBytes(100));
    const second = (await files.send([file.id])).json<{ message: Message }>().message;
    const erase = (id: string) => remove(`/channels/${files.room}/messages/${id}`);
    await erase(message.id);
    await collect();
    expect(outcomeOf(await files.get(`/files/${file.id}/content`))).toBe(200);
    const shown = await files.get(`/channels/${files.room}/messages/${message.id}`);
    expect(shown.json<Message>().files).toEqual([]);
    await erase(second.id);
    expect(await gone(file.id)).toEqual(nothing);
    await collect();
    expect(await files.blobs()).toBe(before);
  });

  test('what is not sent or not finished is kept for a day, and what is written by nobody for an hour', async () => {
    const before = await settled();
    const draft = await files.upload(randomBytes(100));
    const begun = (await files.create({ size: 200_000 })).json<File>();
    await files.write(begun.id, 0, randomBytes(100_000));
    const tables = files.world.tables();
    // A node died in the middle of a part.
    const [left] = await tables
      .selectFrom('file_parts')
      .selectAll()
      .where('file_id', '=', begun.id)
      .execute();
    if (left === undefined) throw new Error('it was written');
    const orphan = { ...left, key: `${begun.id}-100000-000000000000`, state: 'writing' } as const;
    await tables
      .insertInto('file_parts')
      .values({ ...orphan, place: 100_000, started_at: 1, size: 1 })
      .execute();
    await collect();
    expect(await files.blobs()).toBe(before + 2);
    expect(
      await tables.selectFrom('file_parts').select('key').where('key', '=', orphan.key).execute(),
    ).toEqual([]);
    const kept = await tables
      .selectFrom('files')
      .select('kept_until')
      .where('id', 'in', [draft.id, begun.id])
      .execute();
    for (const { kept_until } of kept)
      expect(Number(kept_until) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    // To be sent is to be kept on.
    await files.send([draft.id]);
    await tables.updateTable('files').set({ kept_until: 1 }).where('kept_until', 'is not', null).execute();
    await collect();
    expect(await files.blobs()).toBe(before + 1);
    expect(outcomeOf(await files.write(begun.id, 100_000, randomBytes(100_000)))).toBe('NOT_FOUND');
    expect(outcomeOf(await files.get(`/files/${draft.id}/content`))).toBe(200);
  });

  test('what a node that knows of no files deleted gives its files back all the same', async () => {
    const before = await settled();
    const tables = files.world.tables();
    const [lost, kept] = [await files.share(randomBytes(100)), await files.share(randomBytes(100))];
    const again = (await files.send([kept.file.id])).json<{ message: Message }>().message;
    const ids = [lost.message.id, kept.message.id];
    await tables.updateTable('messages').set({ deleted_at: 1 }).where('id', 'in', ids).execute();
    await collect();
    expect(await files.blobs()).toBe(before + 1);
    expect(outcomeOf(await files.get(`/files/${kept.file.id}/content`))).toBe(200);
    await remove(`/channels/${files.room}/messages/${again.id}`);

    const channel = { kind: 'private', name: 'left-behind' };
    const made = await files.world.ask('POST', '/channels', { token: files.ann.token, body: channel });
    const { id } = made.json<{ id: string }>();
    const { file } = await files.share(randomBytes(100));
    await tables.updateTable('files').set({ channel_id: id }).where('id', '=', file.id).execute();
    await collect();
    expect(await files.blobs()).toBe(before + 1);
    await tables.updateTable('channels').set({ deleted_at: 1 }).where('id', '=', id).execute();
    await collect();
    expect(await files.blobs()).toBe(before);
  });

  test('a deleted channel takes its files along', async () => {
    const { world, ann } = files;
    const made = await world.ask('POST', '/channels', {
      token: ann.token,
      body: { kind: 'private', name: 'short-lived' },
    });
    const { id } = made.json<{ id: string }>();
    const before = await settled();
    const begun = await world.ask('POST', `/channels/${id}/files`, {
      token: ann.token,
      body: { clientId: 'c', name: 'a', size: 5 },
    });
    const file = begun.json<File>();
    await files.write(file.id, 0, Buffer.from('hello'));
    await files.finish(file.id);
    await world.ask('POST', `/channels/${id}/messages`, {
      token: ann.token,
      body: { clientId: 'm', content: '', files: [file.id] },
    });
    expect(await remove(`/channels/${id}`)).toBe(204);
    expect(await gone(file.id, ann)).toEqual(nothing);
    await collect();
    expect(await files.blobs()).toBe(before);
  });
});

// The other database has one connection.
test('a file that is sent again while it is taken for left is kept', async () => {
  await using files = await openFileWorld('postgres');
  const { file, message } = await files.share(randomBytes(100));
  const { message: again } = await files.share(randomBytes(1));
  const tables = files.world.tables();
  await tables.updateTable('messages').set({ deleted_at: 1 }).where('id', '=', message.id).execute();
  const collecting = await tables.transaction().execute(async (sending) => {
    await sending.selectFrom('files').select('id').where('id', '=', file.id).forNoKeyUpdate().execute();
    const row = { message_id: again.id, nth: 2, file_id: file.id };
    await sending.insertInto('attachments').values(row).execute();
    const begun = files.world.hub.chat.files.collect();
    await until(async () => (await files.world.waiting()) > 0, { what: 'it waits for who sends' });
    return { begun };
  });
  await collecting.begun;
  expect(outcomeOf(await files.get(`/files/${file.id}/content`))).toBe(200);
});
