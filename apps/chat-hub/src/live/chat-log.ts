import { createLru, createSingleFlight, type Clock } from '@parley/cache-core/kernel';
import type { Logs } from '../chat/chat.ts';
import { entryOf } from './lines.ts';
import type { Entry, LogReader } from './log-reader.ts';

const limitMs = 5_000;
/** For so long a page that was read is handed out again. */
const keepMs = 1_000;
const maxKept = 64;

/**
 * The logs as rooms read them. Many who come back at once ask for the same pages: each is read once for all who ask within a second. Only
 * full ones are kept: of a log's end nobody may hear what is old.
 */
export function createLogReader(logs: Pick<Logs, 'read'>, epoch: () => string, clock: Clock): LogReader {
  const flights = createSingleFlight<readonly Entry[]>({ limitMs, clock });
  const kept = createLru<string, readonly Entry[]>({ maxEntries: maxKept });
  const keep = (key: string, page: readonly Entry[]): void => {
    kept.set(key, page);
    clock.timer(keepMs, () => kept.delete(key), { unref: true });
  };
  return {
    read(channelId, after, limit) {
      // What is read under one epoch is not handed out under another.
      const known = epoch();
      const key = `${channelId} ${after} ${limit} ${known}`;
      const page = kept.get(key);
      if (page !== undefined) return Promise.resolve(page);
      return flights.run(key, async (flight) => {
        const entries = await logs.read(channelId, after, limit, { signal: flight.signal });
        const read = entries.map((entry) => entryOf(channelId, known, entry));
        if (read.length === limit) keep(key, read);
        return read;
      });
    },
  };
}
