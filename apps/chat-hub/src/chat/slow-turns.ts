import { HubError } from '@parley/hub-protocol';
import { readCount } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { ChatCore } from './core.ts';

/**
 * Takes a turn of somebody in a channel that was slowed down, for one message. The database gives turns, one after another: whoever sends through
 * two nodes at once has one.
 *
 * @throws {HubError} `RATE_LIMITED`, with the time until the turn comes
 */
export async function takeTurn(
  { tables }: ChatCore,
  { userId }: Caller,
  channelId: string,
  clientId: string | undefined,
  seconds: number,
): Promise<void> {
  const params = [channelId, userId, clientId ?? null, seconds];
  const { rows } = await tables.db.query(tables.statement('turn_take'), params);
  const [row] = rows;
  const waitMs = row === undefined ? 0 : readCount(row, 0);
  if (waitMs === 0) return;
  throw new HubError('RATE_LIMITED', `the channel is in slow mode: one message in ${seconds} seconds`, {
    retryAfter: waitMs,
  });
}
