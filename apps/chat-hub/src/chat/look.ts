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

type Asker = Pick<Caller, 'userId' | 'role'>;

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
  const seen = rows.map((row) => seenIn(row, channelId, caller.role))[0];
  if (seen === undefined || seen.standing === 'stranger') throw noChannel(channelId);
  return seen;
}

function seenIn(row: TextRow, channelId: string, workspaceRole: Role): Seen {
  const facts: ChannelFacts = {
    // The table allows no others.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    kind: readText(row, 0) as ChannelKind,
    archived: readFlag(row, 1),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    role: (row[2] ?? undefined) as Role | undefined,
  };
  return {
    ...facts,
    channelId,
    standing: standingIn(workspaceRole, facts),
    head: readCount(row, 3),
    rev: readCount(row, 4),
  };
}

/**
 * @throws {HubError} when somebody of this standing may not do this in this channel
 */
export function admit(seen: ChannelFacts & { readonly standing: Standing }, action: ChannelAction): void {
  const { least, kinds, archived, member }: Permission = permissions[action];
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
  if (!reaches(seen.standing, least)) {
    throw new HubError('FORBIDDEN', `${what}: this takes a ${least}, and you are a ${seen.standing} here`);
  }
}
