import { HubError, type FileRoom } from '@parley/hub-protocol';
import { sql, type Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Call } from '../chat/chat.ts';
import type { FileCore, FileParts } from './file-core.ts';

/** The row that counts for all together. It is locked first, by whoever changes any. */
const everybody = '';

async function add(db: Kysely<Tables>, owner: string, bytes: number): Promise<number> {
  const { bytes: now } = await db
    .insertInto('file_usage')
    .values({ owner, bytes: Math.max(bytes, 0) })
    .onConflict((conflict) =>
      conflict.column('owner').doUpdateSet({ bytes: sql`greatest(file_usage.bytes + ${bytes}, 0)` }),
    )
    .returning('bytes')
    .executeTakeFirstOrThrow();
  return Number(now);
}

/**
 * Takes room for a file, until the transaction is undone or the file is gone.
 *
 * @throws {HubError} `LIMIT_REACHED`
 */
export async function takeRoom(
  db: Kysely<Tables>,
  userId: string,
  bytes: number,
  { perUser, workspace }: FileParts['bounds'],
): Promise<void> {
  if ((await add(db, everybody, bytes)) > workspace)
    throw new HubError('LIMIT_REACHED', 'the files of this workspace take all the room that they may', {
      field: 'size',
    });
  if ((await add(db, userId, bytes)) > perUser)
    throw new HubError('LIMIT_REACHED', 'your files take all the room that they may: delete some', {
      field: 'size',
    });
}

interface Gone {
  readonly user_id: string;
  readonly size: string;
}

/** What one user has taken, and may. */
export async function readRoom(
  { chat: { tables }, bounds, figures }: Pick<FileCore, 'chat' | 'bounds' | 'figures'>,
  userId: string,
  { signal }: Call = {},
): Promise<FileRoom> {
  signal?.throwIfAborted();
  const rows = await tables
    .kysely<Tables>()
    .selectFrom('file_usage')
    .selectAll()
    .where('owner', 'in', [everybody, userId])
    .execute();
  const taken = (owner: string): number => Number(rows.find((row) => row.owner === owner)?.bytes ?? 0);
  figures.bytesUsed = taken(everybody);
  return { used: taken(userId), limit: bounds.perUser, largest: bounds.largest };
}

/** Of all files together, for the figures of this node. */
export async function lookAtRoom(core: Pick<FileCore, 'chat' | 'bounds' | 'figures'>): Promise<void> {
  await readRoom(core, everybody);
}

export async function giveRoom(db: Kysely<Tables>, gone: readonly Gone[]): Promise<void> {
  const byUser = Map.groupBy(gone, ({ user_id }) => user_id);
  const bytesOf = (files: readonly Gone[]): number => files.reduce((sum, { size }) => sum + Number(size), 0);
  await add(db, everybody, -bytesOf(gone));
  for (const [userId, files] of byUser) await add(db, userId, -bytesOf(files));
}

/** Whoever gives room back begins with this, so that no two wait for each other. */
export async function lockUsage(db: Kysely<Tables>): Promise<void> {
  await add(db, everybody, 0);
}
