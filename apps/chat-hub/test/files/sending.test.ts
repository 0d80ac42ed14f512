import { randomBytes } from 'node:crypto';
import type { Message } from '@parley/hub-protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newName, openFileWorld, type FileWorld } from '../support/file-world.ts';
import { outcomeOf } from '../support/hub.ts';

vi.setConfig({ testTimeout: 60_000 });

let files: FileWorld;
beforeAll(async () => {
  files = await openFileWorld('postgres');
}, 60_000);
afterAll(() => files[Symbol.asyncDispose]());

const waitingFor = (count: number) =>
  vi.waitFor(async () => expect(await files.world.waiting()).toBe(count), { timeout: 20_000, interval: 10 });
const send = (ids: readonly string[], clientId = newName()) =>
  files.world.ask('POST', `/channels/${files.room}/messages`, {
    token: files.ann.token,
    body: { clientId, content: 'look', files: ids },
  });
const last = async (): Promise<Message | undefined> =>
  (await files.get(`/channels/${files.room}/messages?limit=1`)).json<{ items: Message[] }>().items.at(-1);

test('a message that is there is answered also when its files are gone by now', async () => {
  const { id } = await files.upload(randomBytes(10));
  const clientId = newName();
  const sent = (await send([id], clientId)).json<{ message: Message }>().message;
  await files.world.ask('DELETE', `/files/${id}`, { token: files.ann.token });
  const again = await send([id], clientId);
  expect(again.statusCode).toBe(201);
  expect(again.json<{ message: Message }>().message).toMatchObject({ id: sent.id, files: [] });
  expect(outcomeOf(await send([id]))).toBe('NOT_FOUND');
});

test('a message whose file is deleted while it waits to be added is not sent without it', async () => {
  const { id } = await files.upload(randomBytes(10));
  const before = (await last())?.id;
  const sending = await files.world
    .tables()
    .transaction()
    .execute(async (db) => {
      await db.selectFrom('channels').select('id').where('id', '=', files.room).forUpdate().execute();
      const sent = send([id]);
      await waitingFor(1);
      await db.updateTable('files').set({ deleted_at: Date.now() }).where('id', '=', id).execute();
      return { sent };
    });
  expect((await sending.sent).json()).toMatchObject({ code: 'NOT_FOUND', field: 'files' });
  expect((await last())?.id).toBe(before);
});

test('whoever sends several files takes them in one order, whatever the message says', async () => {
  const made = [await files.upload(randomBytes(10)), await files.upload(randomBytes(10))];
  const [first = '', second = ''] = made.map(({ id }) => id).toSorted();
  const sending = await files.world
    .tables()
    .transaction()
    .execute(async (db) => {
      await db.selectFrom('files').select('id').where('id', '=', first).forUpdate().execute();
      const sent = send([second, first]);
      await waitingFor(1);
      // Nobody who waits for the first has the second.
      await sql`select from ${sql.table(`${files.world.hub.tables.schema}.files`)} where id = ${second} for update nowait`.execute(
        db,
      );
      return { sent };
    });
  const message = (await sending.sent).json<{ message: Message }>().message;
  expect(message.files?.map(({ id }) => id)).toEqual([second, first]);
});
