import { embedded } from '@parley/adapter-postgres';
import type { ApplicationTables, Session } from '@parley/runtime';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HubError } from '@parley/hub-protocol';
import { unhurried } from './unhurried.ts';

/** All tables as they were at one moment, while everybody goes on. */
export interface Snapshot extends AsyncDisposable {
  readonly session: Session;
}

const copies = 'backup-';

/**
 * @param folder of the embedded Postgres, which has one session for everybody: it is copied while nobody else has its turn, and what follows
 * is read from the copy. Undefined: a server, which can do it by itself, or one in memory, for which everybody waits
 */
export async function takeSnapshot(
  { db }: ApplicationTables,
  folder: string | undefined,
  signal?: AbortSignal,
): Promise<Snapshot> {
  if (folder === undefined) return readOnly(await db.acquire({ signal }));
  const place = join(folder, `${copies}${randomUUID()}`);
  const forget = (): Promise<void> => rm(place, { recursive: true, force: true, maxRetries: 3 });
  try {
    await copyTo(db, folder, place, signal);
    const copy = await embedded({ folder: place });
    return await readOnly(await copy.acquire(), async () => {
      try {
        await copy.close();
      } finally {
        await forget();
      }
    });
  } catch (error) {
    await forget();
    throw isFull(error) ? noRoom(error) : error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));
}

function noRoom(cause: unknown): HubError {
  const reason = 'there is no room beside the data of the hub for the copy that is read';
  return new HubError('UNAVAILABLE', reason, { cause, retryAfter: 60_000 });
}

/** Copies of processes that died over them. This folder has no other process, and one copy at a time. */
export async function removeCopies(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(copies)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function copyTo(
  db: ApplicationTables['db'],
  folder: string,
  place: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const session = await db.acquire({ signal });
  try {
    await session.query({ text: 'checkpoint', operation: 'writing everything to the folder' });
    await mkdir(place, { mode: 0o700 });
    // Where the file system can, nothing is copied before it is changed.
    await cp(join(folder, 'data'), join(place, 'data'), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
    });
  } finally {
    session.release();
  }
}

async function readOnly(session: Session, after: () => Promise<void> = async () => {}): Promise<Snapshot> {
  const close = async (): Promise<void> => {
    await session
      .query({ text: 'rollback', operation: 'ending a snapshot' })
      .catch(() => undefined)
      .finally(() => session.release());
    await after();
  };
  let calm: Session;
  try {
    await session.query({
      text: 'begin isolation level repeatable read read only',
      operation: 'beginning a snapshot',
    });
    calm = await unhurried(session);
    // All of each table is read, in whatever order it is there.
    await session.query({ text: 'set local enable_seqscan = on', operation: 'beginning a snapshot' });
  } catch (error) {
    await close();
    throw error;
  }
  return { session: calm, [Symbol.asyncDispose]: close };
}
