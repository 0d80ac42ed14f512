import { createSingleFlight, type Clock } from '@parley/cache-core/kernel';
import type { Logs } from '../chat/chat.ts';
import { entryOf } from './lines.ts';
import type { Entry, LogReader } from './log-reader.ts';

/** The logs as rooms read them. Many who come back at once ask for the same pages: each is read once at a time. */
export function createLogReader(
  logs: Pick<Logs, 'read'>,
  epoch: () => string,
  clock: Clock,
  limitMs = 5_000,
): LogReader {
  const flights = createSingleFlight<readonly Entry[]>({ limitMs, clock });
  return {
    read(channelId, after, limit) {
      // What is read under one epoch is not handed out under another.
      const known = epoch();
      return flights.run(`${channelId} ${after} ${limit} ${known}`, async (flight) => {
        const entries = await logs.read(channelId, after, limit, { signal: flight.signal });
        return entries.map((entry) => entryOf(channelId, known, entry));
      });
    },
  };
}
