import { HubError, limits } from '@parley/hub-protocol';
import { readCount, readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Call, Draft } from './chat.ts';
import type { ChatCore } from './core.ts';
import { readPlaces } from './places.ts';
import { fromView } from './views.ts';

/** What a message points at must be in its channel; a thread begins at a message that is in none itself. */
export async function checkReferences(
  core: ChatCore,
  channelId: string,
  { threadId, replyTo, causedBy }: Draft,
  call: Call = {},
): Promise<void> {
  const given = { threadId, replyTo, causedBy };
  const ids = Object.values(given).filter((id) => id !== undefined);
  if (ids.length === 0) return;
  const places = await readPlaces(core.tables, ids, call);
  for (const [field, id] of Object.entries(given)) {
    if (id === undefined) continue;
    const place = places.get(id);
    // What an agent answers may have been said elsewhere.
    if (place === undefined || (place.channelId !== channelId && field !== 'causedBy')) {
      throw new HubError('NOT_FOUND', `${field} must be a message of this channel`, { field });
    }
    if (field !== 'threadId') continue;
    if (place.threadId !== undefined || place.kind !== 'message') {
      throw new HubError('INVALID', 'threadId must be the message that its thread begins with', { field });
    }
    if (place.deleted)
      throw new HubError('GONE', 'the message that the thread begins with is deleted', { field });
  }
}

/** Those that would be too many at once: whoever begins more than they end is a program that fails. What is there already begins nothing. */
export async function tooManyStreams(
  { tables }: ChatCore,
  { userId }: Pick<Caller, 'userId'>,
  drafts: readonly Draft[],
  { signal }: Call = {},
): Promise<ReadonlySet<Draft>> {
  const begun = drafts.filter(({ streaming }) => streaming === 'open');
  if (begun.length === 0) return new Set();
  const names = begun.flatMap(({ clientId }) => clientId ?? []);
  const params = [userId, JSON.stringify(names)];
  const { rows } = await tables.db.query(tables.statement('stream_count'), params, { signal });
  const [row] = rows;
  const open = row === undefined ? 0 : readCount(row, 0);
  const known = new Set(row === undefined ? [] : fromView<string[]>(readText(row, 1)));
  const fresh = begun.filter(({ clientId }) => clientId === undefined || !known.has(clientId));
  return new Set(fresh.slice(Math.max(0, limits.streams - open)));
}
