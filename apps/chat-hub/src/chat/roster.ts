import type { ChannelKind, Role } from '@parley/hub-protocol';
import { readCount, readFlag, readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { standingIn, type ChannelFacts, type Standing } from '../access/standing.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { noChannel } from './refusals.ts';

/** A member: id, role in the channel, handle, role in the workspace. */
type Row = readonly [id: string, role: Role, handle: string, workspaceRole: Role];

interface Stored {
  readonly kind: ChannelKind;
  readonly archived: boolean;
  readonly rev: number;
  readonly members: readonly Row[];
}

/** A channel and who is in it. */
export interface Roster {
  readonly rev: number;
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
    async (context): Promise<Stored> => {
      const { rows } = await core.tables.db.query(core.tables.statement('channel_roster'), [channelId], {
        signal: context.signal,
      });
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
      };
    },
    { ttl: '1h', signal },
  );
  await core.confirmEpoch(epoch);
  return rosterOf(stored);
}

export async function forgetRoster(core: ChatCore, channelId: string): Promise<void> {
  await core.cache.delete(keyOf(core, channelId)).catch(() => false);
}

/** Another history gives the same `rev` to something else. */
const keyOf = ({ epoch }: ChatCore, channelId: string): string => `hub:roster:${epoch()}:${channelId}`;

/** Of what the cache hands out: made once for each. */
const known = new WeakMap<Stored, Roster>();

function rosterOf(stored: Stored): Roster {
  const there = known.get(stored);
  if (there !== undefined) return there;
  const { kind, archived, rev, members } = stored;
  const byId = new Map(members.map((row) => [row[0], row]));
  const byHandle = new Map(members.map((row) => [row[2], row[0]]));
  const roster: Roster = {
    rev,
    factsOf(caller) {
      const facts = { kind, archived, role: byId.get(caller.userId)?.[1] };
      return { ...facts, standing: standingIn(caller.role, facts) };
    },
    userOf: (handle) => byHandle.get(handle),
    all: () => [...byId.keys()],
    withRoles: (roles) => members.filter((row) => roles.includes(row[3])).map((row) => row[0]),
  };
  known.set(stored, roster);
  return roster;
}
