import type { HubEvent } from '@parley/hub-protocol';
import { readCount, type Session } from '@parley/runtime';
import type { Kysely } from 'kysely';
import type { Caller } from '../access/caller.ts';
import type { Tables } from '../database/tables.ts';
import type { LogEntry } from '../live/feed.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { look, type Seen } from './look.ts';
import { forgetRoster } from './roster.ts';

/** A change of a channel that is under way: nobody else changes it, or adds to it, until this one is committed. */
export interface Change {
  readonly seen: Seen;
  readonly session: Session;
  readonly db: Kysely<Tables>;
  readonly now: number;
  /** An event for the log. What is kept of it may be less than what is told: the text of an edit is kept with its message alone. */
  readonly tell: (event: HubEvent, kept?: object) => void;
  /** Members, roles or settings are not what they were: what was allowed on the state before is decided anew. */
  readonly touch: () => void;
}

export interface Changed<T> {
  readonly value: T;
  /** The number that the first event took; undefined: there was nothing to tell. */
  readonly seq: number | undefined;
}

/**
 * Does something to a channel and tells of it, all or nothing. What the caller may do is decided within, on the channel as it is while it is
 * locked.
 */
export function changeChannel<T>(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  work: (change: Change) => Promise<T>,
  { signal }: Call = {},
): Promise<Changed<T>> {
  const open = (session: Session): Promise<Seen> =>
    look(core.tables, caller, channelId, { on: session, lock: true, signal });
  const change = () => commitChange(core, caller.userId, open, work, { signal });
  return core.turns.change(channelId, change, { signal });
}

/** @param open locks the channel, or makes it */
export async function commitChange<T>(
  core: ChatCore,
  actorId: string | null,
  open: (session: Session) => Promise<Seen>,
  work: (change: Change) => Promise<T>,
  { signal }: Call = {},
): Promise<Changed<T>> {
  const { tables } = core;
  const { value, channelId, entries, touched } = await tables.db.transaction(
    async (session) => {
      const seen = await open(session);
      const told: Told[] = [];
      let touched = false;
      const value = await work({
        seen,
        session,
        db: tables.kysely<Tables>(session),
        now: core.clock.now(),
        tell: (event, kept = event) => void told.push({ event, kept }),
        touch: () => (touched = true),
      });
      const entries = await write(core, session, { channelId: seen.channelId, actorId, told, touched });
      return { value, channelId: seen.channelId, entries, touched };
    },
    { signal },
  );
  if (touched) await forgetRoster(core, channelId);
  if (entries.length > 0) core.feed.committed(channelId, entries);
  return { value, seq: entries[0]?.seq };
}

interface Told {
  readonly event: HubEvent;
  readonly kept: object;
}

interface Outcome {
  readonly channelId: string;
  readonly actorId: string | null;
  readonly told: readonly Told[];
  readonly touched: boolean;
}

async function write(
  { tables }: ChatCore,
  session: Session,
  { channelId, actorId, told, touched }: Outcome,
): Promise<LogEntry[]> {
  if (told.length === 0 && !touched) return [];
  const kept = JSON.stringify(told.map((one) => one.kept));
  const { rows } = await session.query(tables.statement('channel_commit'), [
    channelId,
    actorId,
    kept,
    touched,
  ]);
  const places = rows
    .map((row) => ({ seq: readCount(row, 0), at: readCount(row, 1) }))
    .toSorted((a, b) => a.seq - b.seq);
  return told.flatMap(({ event }, i) => {
    const place = places[i];
    return place === undefined ? [] : [entryOf(event, actorId, place.seq, place.at)];
  });
}

export function entryOf(event: HubEvent, actorId: string | null, seq: number, at: number): LogEntry {
  const userId =
    event.type === 'channel.member.leave'
      ? event.userId
      : event.type === 'channel.member.join' || event.type === 'channel.member.update'
        ? event.member.userId
        : undefined;
  return {
    seq,
    at,
    actorId,
    type: event.type,
    event: JSON.stringify(event),
    ...(userId !== undefined && { userId }),
  };
}
