import { HubError, type ChannelKind, type Role } from '@parley/hub-protocol';
import {
  readCount,
  readFlag,
  readText,
  type ApplicationTables,
  type Queries,
  type TextRow,
} from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { permissions, type ChannelAction, type Permission } from '../access/permissions.ts';
import { reaches, standingIn, type ChannelFacts, type Standing } from '../access/standing.ts';
import type { Call } from './chat.ts';
import { noChannel } from './refusals.ts';

/** A channel as a decision about it sees it. */
export interface Seen extends ChannelFacts {
  readonly channelId: string;
  readonly standing: Standing;
  readonly head: number;
  readonly rev: number;
}

type Asker = Pick<Caller, 'userId' | 'role'> & { readonly kind?: Caller['kind'] | undefined };

/** The channel for the hub itself, or for who need not be in it; nobody else changes it until the transaction ends. */
export async function lockChannel(
  tables: ApplicationTables,
  channelId: string,
  session: Queries,
  kind?: Caller['kind'],
): Promise<Seen> {
  const { rows } = await session.query(tables.statement('channel_lock'), [channelId, null]);
  const seen = rows.map((row) => seenIn(row, channelId, { role: 'observer', kind }))[0];
  if (seen === undefined) throw noChannel(channelId);
  return seen;
}

/**
 * The channel, for a caller who may know of it. Always asked of the database: who was removed a moment ago reads nothing more.
 *
 * @throws {HubError} `NOT_FOUND`, also where there is a channel that the caller may not see
 */
export async function look(
  tables: ApplicationTables,
  caller: Asker,
  channelId: string,
  { on = tables.db, lock = false, signal }: Call & { readonly on?: Queries; readonly lock?: boolean } = {},
): Promise<Seen> {
  const statement = tables.statement(lock ? 'channel_lock' : 'channel_look');
  const { rows } = await on.query(statement, [channelId, caller.userId], { signal });
  const seen = rows.map((row) => seenIn(row, channelId, caller))[0];
  if (seen === undefined || seen.standing === 'stranger') throw noChannel(channelId);
  return seen;
}

/** The same for who adds to a message, and whether that is being streamed. */
export async function lookAtStream(
  tables: ApplicationTables,
  caller: Asker,
  { channelId, id }: { readonly channelId: string; readonly id: string },
  { signal }: Call = {},
): Promise<{ readonly seen: Seen; readonly open: boolean }> {
  const params = [channelId, caller.userId, id];
  const { rows } = await tables.db.query(tables.statement('stream_look'), params, { signal });
  const [row] = rows;
  const seen = row && seenIn(row, channelId, caller);
  if (seen === undefined || seen.standing === 'stranger') throw noChannel(channelId);
  return { seen, open: row !== undefined && readFlag(row, 8) };
}

function seenIn(row: TextRow, channelId: string, { role: workspaceRole, kind }: Omit<Asker, 'userId'>): Seen {
  const facts: ChannelFacts = {
    // The table allows no others.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    kind: readText(row, 0) as ChannelKind,
    archived: readFlag(row, 1),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    role: (row[2] ?? undefined) as Role | undefined,
    silenced: silencedBy(
      { frozen: readFlag(row, 5), muted: readFlag(row, 6), timedOut: readFlag(row, 7) },
      kind,
    ),
  };
  return {
    ...facts,
    channelId,
    standing: standingIn(workspaceRole, facts),
    head: readCount(row, 3),
    rev: readCount(row, 4),
  };
}

interface Silences {
  readonly frozen: boolean;
  readonly muted: boolean;
  readonly timedOut: boolean;
}

/** A channel that is frozen is for people. */
export function silencedBy(
  { frozen, muted, timedOut }: Silences,
  kind: Caller['kind'] | undefined,
): ChannelFacts['silenced'] {
  if (timedOut) return 'timed-out';
  if (frozen && kind === 'agent') return 'frozen';
  return muted ? 'muted' : undefined;
}

const silences = {
  frozen: 'the channel is frozen, and only people write',
  muted: 'you are muted here',
  'timed-out': 'you are in a time-out',
} as const;

/**
 * @throws {HubError} when somebody of this standing may not do this in this channel
 */
export function admit(seen: ChannelFacts & { readonly standing: Standing }, action: ChannelAction): void {
  const { least, kinds, archived, member, frozen }: Permission = permissions[action];
  const what = action.replaceAll('.', ' ');
  if (kinds !== undefined && !kinds.includes(seen.kind)) {
    throw new HubError('FORBIDDEN', `${what}: not in a channel of kind ${seen.kind}`);
  }
  if (seen.archived && archived !== true) {
    throw new HubError('ARCHIVED', `${what}: the channel is archived`);
  }
  if (member === true && seen.role === undefined) {
    throw new HubError('FORBIDDEN', `${what}: join the channel first`);
  }
  if (frozen === false && seen.silenced === 'frozen') {
    throw new HubError('FORBIDDEN', `${what}: ${silences.frozen}`);
  }
  if (!reaches(seen.standing, least)) {
    if (seen.silenced !== undefined) throw new HubError('FORBIDDEN', `${what}: ${silences[seen.silenced]}`);
    throw new HubError('FORBIDDEN', `${what}: this takes a ${least}, and you are a ${seen.standing} here`);
  }
}

/** Whether they may. */
export function admits(seen: Parameters<typeof admit>[0], action: ChannelAction): boolean {
  try {
    admit(seen, action);
    return true;
  } catch {
    return false;
  }
}
