import { agentAddress, notificationLevels } from '@parley/hub-protocol';
import type { NotificationLevel, Reading } from '@parley/hub-protocol';
import { readCount, readFlag, type TextRow } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Readings } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, look } from './look.ts';
import { noChannel } from './refusals.ts';

/** How far everybody has read. */
export function createReadings(core: ChatCore): Readings {
  const { tables } = core;
  return {
    async mark(caller, channelId, seq, { signal } = {}) {
      admit(await look(tables, caller, channelId, { signal }), 'reading.mark');
      const params = [channelId, caller.userId, seq];
      const { rows } = await tables.db.query(tables.statement('reading_mark'), params, { signal });
      const [row] = rows;
      if (row === undefined) throw noChannel(channelId);
      const reading = readingOf(channelId, row);
      if (readFlag(row, 3)) tellOthers(core, caller, reading);
      return reading;
    },
    async list(caller, { signal } = {}) {
      const { rows } = await tables.db.query(tables.statement('reading_list'), [caller.userId], { signal });
      return {
        items: rows.flatMap((row) => {
          const [, channelId] = row;
          if (channelId === undefined || channelId === null) return [];
          const [lastRead, seq, level] = [row.slice(2), readCount(row, 5), levelIn(row, 6)];
          return [{ ...readingOf(channelId, lastRead), seq, level }];
        }),
        defaultLevel: rows[0] === undefined ? null : levelIn(rows[0], 0),
      };
    },
  };
}

function levelIn(row: TextRow, column: number): NotificationLevel | null {
  return notificationLevels.find((level) => level === row[column]) ?? null;
}

function readingOf(channelId: string, row: TextRow): Reading {
  return {
    channelId,
    lastReadSeq: readCount(row, 0),
    unread: readCount(row, 1),
    mentions: readCount(row, 2),
  };
}

/** The other connections of the same user. */
function tellOthers({ feed }: ChatCore, { userId }: Caller, reading: Reading): void {
  const { channelId } = reading;
  feed.moment({
    event: { type: 'channel.read', channelId, reading },
    actorId: userId,
    channelId,
    to: agentAddress(userId),
  });
}
