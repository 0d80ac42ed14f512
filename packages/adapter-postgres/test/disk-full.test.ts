import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { embedded } from '@parley/adapter-postgres';
import { startSmallDisk, until } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { failure } from './support/failure.ts';

// A new database takes a second of a whole processor, which a crowded machine does not have.
vi.setConfig({ testTimeout: 120_000 });

const mebibyte = 1_048_576;

test('a database that cannot write its log is opened again when there is room, with all that was committed', async () => {
  await using disk = await startSmallDisk({ mebibytes: 96 });
  const folder = join(disk.folder, 'hub');
  await using db = await embedded({ folder });
  await db.query({ text: 'create table notes (n int)' });
  const gone: unknown[] = [];
  await db.listen('news', { notification: () => undefined, gone: (reason) => gone.push(reason) });
  await disk.fill(mebibyte);

  // What is written to the log alone needs no room but there.
  let committed = 0;
  const write = async (): Promise<void> => {
    await db.query(
      {
        text: `with noise as (select pg_logical_emit_message(true, 'noise', repeat('x', 500000))) insert into notes select $1 from noise`,
      },
      [committed + 1],
    );
    committed += 1;
  };
  const full = await until(
    () =>
      write().then(
        () => undefined,
        (error: unknown) => error,
      ),
    {
      what: 'the disk is full',
      every: 1,
    },
  );
  expect(full).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, evidence: { code: '53100' } });
  expect(committed).toBeGreaterThan(0);
  expect(gone).toEqual([expect.objectContaining({ code: 'STORE_UNAVAILABLE' })]);

  // Whoever asks on is told so, at once, and no thread is lost in it.
  for (let i = 0; i < 20; i++) expect(await failure(write())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await sleep(2_100);
  expect(await failure(write())).toMatchObject({ message: expect.stringContaining('The disk is full') });
  expect(await db.health()).toMatchObject({ status: 'down' });

  await disk.clear();
  await until(
    () =>
      write().then(
        () => true,
        () => false,
      ),
    { what: 'it is opened again' },
  );
  const { rows } = await db.query({ text: 'select count(*), max(n) from notes' });
  expect(rows).toEqual([[`${committed}`, `${committed}`]]);
});

test('a transaction that was open when the database gave up is not committed afterwards', async () => {
  await using disk = await startSmallDisk({ mebibytes: 96 });
  await using db = await embedded({ folder: join(disk.folder, 'hub') });
  await db.query({ text: 'create table notes (n int)' });
  const outcome = await failure(
    db.transaction(async (session) => {
      await session.query({ text: 'insert into notes values (1)' });
      await disk.fill(mebibyte);
      for (;;) {
        const noise = { text: `select pg_logical_emit_message(true, 'noise', repeat('x', 500000))` };
        if (await failure(session.query(noise)).catch(() => undefined)) break;
      }
      await disk.clear();
    }),
  );
  expect(outcome).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await until(
    () =>
      db.query({ text: 'select 1' }).then(
        () => true,
        () => false,
      ),
    { what: 'it is opened again' },
  );
  const { rows } = await db.query({ text: 'select count(*) from notes' });
  expect(rows).toEqual([['0']]);
});

test('a folder on a full disk is refused with the reason, and left as it was', async () => {
  await using disk = await startSmallDisk({ mebibytes: 16 });
  const folder = join(disk.folder, 'hub');
  expect(await failure(embedded({ folder }))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining(folder),
  });
});
