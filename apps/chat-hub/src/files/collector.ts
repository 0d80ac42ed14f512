import type { Tables } from '../database/tables.ts';
import type { Call } from '../chat/chat.ts';
import { writingMs, type FileCore } from './file-core.ts';
import { giveRoom, lockUsage, lookAtRoom } from './usage.ts';

const atOnce = 100;

/**
 * Removes files that no message has, that were deleted, and what was written for nothing. Nodes may do it at the same time: what one of them is at
 * is left alone by the others, and what one does not finish is there for the next.
 */
export async function collectFiles(core: FileCore, call: Call = {}): Promise<number> {
  await lookAtRoom(core);
  await core.left.release(call);
  await deleteUnkept(core, call);
  // Where the folder of the others is not mounted, nothing is found, and all of it would be taken for removed.
  await core.mark.require(call);
  await removeParts(core, call);
  const forgotten = await forget(core);
  core.figures.collected += forgotten;
  await lookAtRoom(core);
  return forgotten;
}

async function deleteUnkept({ chat: { tables, clock } }: FileCore, call: Call): Promise<void> {
  for (let found = atOnce; found === atOnce && call.signal?.aborted !== true;) {
    found = await tables.db.transaction(
      async (session) => {
        const db = tables.kysely<Tables>(session);
        await lockUsage(db);
        const now = clock.now();
        const unkept = await db
          .selectFrom('files')
          .select(['id', 'user_id', 'size'])
          .where('kept_until', '<=', String(now))
          .where('kept_until', 'is not', null)
          .where('deleted_at', 'is', null)
          .limit(atOnce)
          .forUpdate()
          .skipLocked()
          .execute();
        if (unkept.length === 0) return 0;
        const ids = unkept.map(({ id }) => id);
        await db
          .updateTable('files')
          .set({ deleted_at: now, kept_until: null })
          .where('id', 'in', ids)
          .execute();
        await giveRoom(db, unkept);
        return unkept.length;
      },
      { signal: call.signal },
    );
  }
}

/** Parts of files that are deleted, and those whose writing nobody has come to an end with. What cannot be removed holds up nothing else. */
async function removeParts({ chat: { tables, clock }, sweeper }: FileCore, call: Call): Promise<void> {
  const db = tables.kysely<Tables>();
  let after = '';
  for (let found = atOnce; found === atOnce && call.signal?.aborted !== true;) {
    const parts = await db
      .selectFrom('file_parts')
      .select('key')
      .where('key', '>', after)
      .where((where) =>
        where.or([
          where.and([
            where('state', '=', 'writing'),
            where('started_at', '<', String(clock.now() - writingMs)),
          ]),
          where('file_id', 'in', where.selectFrom('files').select('id').where('deleted_at', 'is not', null)),
        ]),
      )
      .orderBy('key')
      .limit(atOnce)
      .execute();
    await sweeper.remove(
      parts.map(({ key }) => key),
      call,
    );
    found = parts.length;
    after = parts.at(-1)?.key ?? after;
  }
}

/** The rows of files of which nothing is left. */
async function forget({ chat: { tables } }: FileCore): Promise<number> {
  const { numDeletedRows } = await tables
    .kysely<Tables>()
    .deleteFrom('files')
    .where('deleted_at', 'is not', null)
    .where((where) =>
      where.not(
        where.exists(
          where.selectFrom('file_parts').select('key').whereRef('file_parts.file_id', '=', 'files.id'),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
