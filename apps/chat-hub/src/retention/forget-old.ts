import { readCount, readFlag, readText, uuidArray } from '@parley/runtime';
import { noteAudit } from '../audit/note.ts';
import { commitChange } from '../chat/change.ts';
import type { ChatCore } from '../chat/core.ts';
import { tellDeleted } from '../chat/cutting.ts';
import { lockChannel } from '../chat/look.ts';

/** One transaction deletes so many: whoever writes to the channel waits for it. */
const atOnce = 100;
const dayMs = 86_400_000;

export interface Forgotten {
  readonly gone: number;
  /** There may be more. */
  readonly isFull: boolean;
}

/** Deletes the oldest messages of a channel, if they are older than so many days, with all that they said before. Those who look on see them go. */
export async function forgetOld(core: ChatCore, channelId: string, days: number): Promise<Forgotten> {
  const { tables, clock } = core;
  const before = clock.now() - days * dayMs;
  const { value } = await commitChange(
    core,
    null,
    (session) => lockChannel(tables, channelId, session),
    async (change): Promise<Forgotten> => {
      const { session, db, now } = change;
      const { rows } = await session.query(tables.statement('retention_next'), [channelId, before, atOnce]);
      const due = rows.map((row) => ({
        seq: readCount(row, 0),
        id: readText(row, 1),
        isDeleted: readFlag(row, 2),
      }));
      const last = due.at(-1);
      if (last === undefined) return { gone: 0, isFull: false };
      const alive = due.filter(({ isDeleted }) => !isDeleted);
      for (const { id } of alive) {
        const { rows } = await session.query(tables.statement('message_deleted'), [id, now]);
        await session.query(tables.statement('file_released'), [id, now]);
        const threadId = rows.map((row) => readText(row, 0))[0] ?? '';
        await tellDeleted(core, change, { channelId, id, threadId });
      }
      const ids = uuidArray(due.map(({ id }) => id));
      await session.query(tables.statement('messages_erased'), [ids, channelId, last.seq]);
      if (alive.length > 0) {
        const details = { days, messages: alive.length, before };
        await noteAudit(db, { action: 'retention.apply', actor: null, channelId, details });
      }
      return { gone: alive.length, isFull: due.length === atOnce };
    },
  );
  return value;
}
