import type { ChannelKind, Role } from '@parley/hub-protocol';
import { readCount, readFlag, readText, type Queries } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { standingIn, type ChannelFacts, type Standing } from '../access/standing.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { silencedBy } from './look.ts';
import { noChannel } from './refusals.ts';

/** A member: id, role in the channel, handle, role in the workspace, and whether they were muted and perhaps are so no more. */
type Row = readonly [id: string, role: Role, handle: string, workspaceRole: Role, muted: boolean];

interface Stored {
  readonly kind: ChannelKind;
  readonly archived: boolean;
  readonly rev: number;
  readonly frozen: boolean;
  readonly slowSeconds: number;
  readonly members: readonly Row[];
}

/** A channel and who is in it. */
export interface Roster {
  readonly rev: number;
  /** Between two messages of a member who does not manage the channel. */
  readonly slowSeconds: number;
  /** Whether it takes a look at the database to know whether a member is muted. */
  readonly perhapsMuted: (userId: string) => boolean;
  readonly factsOf: (caller: Caller) => ChannelFacts & { readonly standing: Standing };
  /** A member by handle. */
  readonly userOf: (handle: string) => string | undefined;
  readonly all: () => string[];
  /** Members with one of these roles in the workspace. */
  readonly withRoles: (roles: readonly string[]) => string[];
}

/**
 * The channel as it was when somebody last looked, from the cache: an hour at the most. It may be outdated, and decides nothing by itself: what
 * is done on the strength of it names its `rev`, and is refused when the channel has moved on.
 */
export async function readRoster(core: ChatCore, channelId: string, { signal }: Call = {}): Promise<Roster> {
  const epoch = core.epoch();
  const stored = await core.cache.get(
    keyOf(core, channelId),
    ({ signal }) => load(core, core.tables.db, channelId, signal),
    { ttl: '1h', signal },
  );
  await core.confirmEpoch(epoch);
  return rosterOf(stored);
}

/**
 * The channel as a transaction sees it. It holds a connection, and the cache may have to ask the database: where all connections are held like
 * this, each would wait for another one.
 */
export async function rosterWithin(
  core: ChatCore,
  session: Queries,
  channelId: string,
  { signal }: Call = {},
): Promise<Roster> {
  return rosterOf(await load(core, session, channelId, signal));
}

async function load(
  { tables }: ChatCore,
  on: Queries,
  channelId: string,
  signal: AbortSignal | undefined,
): Promise<Stored> {
  const { rows } = await on.query(tables.statement('channel_roster'), [channelId], { signal });
  const [row] = rows;
  if (row === undefined) throw noChannel(channelId);
  return {
    // The table and its view allow no others.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    kind: readText(row, 0) as ChannelKind,
    archived: readFlag(row, 1),
    rev: readCount(row, 2),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    members: JSON.parse(readText(row, 3)) as Row[],
    frozen: readFlag(row, 4),
    slowSeconds: readCount(row, 5),
  };
}

export async function forgetRoster(core: ChatCore, channelId: string): Promise<void> {
  await core.cache.delete(keyOf(core, channelId)).catch(() => false);
}

/** Another history gives the same `rev` to something else. The number tells forms apart: nodes of two versions share the cache. */
const keyOf = ({ epoch }: ChatCore, channelId: string): string => `hub:roster:2:${epoch()}:${channelId}`;

/** Of what the cache hands out: made once for each. */
const known = new WeakMap<Stored, Roster>();

function rosterOf(stored: Stored): Roster {
  const there = known.get(stored);
  if (there !== undefined) return there;
  const { kind, archived, rev, frozen, slowSeconds, members } = stored;
  const byId = new Map(members.map((row) => [row[0], row]));
  const byHandle = new Map(members.map((row) => [row[2], row[0]]));
  const roster: Roster = {
    rev,
    slowSeconds,
    perhapsMuted: (userId) => byId.get(userId)?.[4] === true,
    factsOf(caller) {
      const silenced = silencedBy({ frozen, muted: false, timedOut: false }, caller.kind);
      const facts = { kind, archived, role: byId.get(caller.userId)?.[1], silenced };
      return { ...facts, standing: standingIn(caller.role, facts) };
    },
    userOf: (handle) => byHandle.get(handle),
    all: () => [...byId.keys()],
    withRoles: (roles) => members.filter((row) => roles.includes(row[3])).map((row) => row[0]),
  };
  known.set(stored, roster);
  return roster;
}
