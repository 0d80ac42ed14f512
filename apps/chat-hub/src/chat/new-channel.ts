import { HubError, limits, type Channel } from '@parley/hub-protocol';
import { readText, type Session } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { newId } from '../database/ids.ts';
import { commitChange, type Change } from './change.ts';
import type { Call, NewChannel } from './chat.ts';
import type { ChatCore } from './core.ts';
import type { Seen } from './look.ts';
import { activeUsers, addQuietly, welcome, type Newcomer } from './membership.ts';
import { nameTaken } from './refusals.ts';
import { channelView, fromView, must } from './views.ts';

interface Row {
  readonly kind: Channel['kind'];
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly description?: string | undefined;
  /** Who it is between. */
  readonly parties?: string | undefined;
}

/** Makes a channel; who makes it owns it. */
export async function createChannel(
  core: ChatCore,
  caller: Pick<Caller, 'userId'>,
  { members = [], ...row }: NewChannel,
  call: Call = {},
): Promise<Channel> {
  const others = members.filter((id) => id !== caller.userId);
  await requireUsers(core, others, 'members', call);
  const newcomers: Newcomer[] = [
    { userId: caller.userId, role: 'owner' },
    ...others.map((userId) => ({ userId, role: 'member' as const, invitedBy: caller.userId })),
  ];
  const channel = await make(core, caller, row, newcomers, call);
  if (channel === undefined) throw nameTaken(row.name);
  return channel;
}

/** The conversation between the caller and these people. There is one for each set of people, whoever asks first. */
export async function openDirect(
  core: ChatCore,
  caller: Caller,
  userIds: readonly string[],
  call: Call = {},
): Promise<Channel> {
  const all = [...new Set([caller.userId, ...userIds])].toSorted();
  if (all.length > limits.groupMembers) {
    throw new HubError('INVALID', `userIds must name at most ${limits.groupMembers - 1} others`, {
      field: 'userIds',
    });
  }
  const others = all.filter((id) => id !== caller.userId);
  await requireUsers(core, others, 'userIds', call);
  const parties = all.join(' ');
  const there = await findDirect(core, parties, call);
  if (there !== undefined) return there;
  const kind = all.length > 2 ? 'group' : 'direct';
  const newcomers = all.map((userId): Newcomer => ({ userId, role: 'member' }));
  const made = await make(core, caller, { kind, parties }, newcomers, call);
  return made ?? must(await findDirect(core, parties, call), 'a conversation');
}

async function findDirect({ tables }: ChatCore, parties: string, call: Call): Promise<Channel | undefined> {
  const { rows } = await tables.db.query(tables.statement('channel_between'), [parties], call);
  return rows.map((row) => fromView<Channel>(readText(row, 0)))[0];
}

/** Undefined: there is one already. */
async function make(
  core: ChatCore,
  caller: Pick<Caller, 'userId'>,
  row: Row,
  newcomers: readonly Newcomer[],
  call: Call,
): Promise<Channel | undefined> {
  const id = newId(core.clock.now());
  const work = async (change: Change): Promise<Made> => {
    // Number 1 of its log, with those in it who come with it.
    const position = change.seen.head;
    change.touch();
    const members = await addQuietly(core, change, newcomers);
    const channel = must(await channelView(core.tables, id, { on: change.session }), 'a channel');
    const told = { ...channel, seq: position + 1, rev: channel.rev + 1 };
    change.tell({ type: 'channel.create', channelId: id, channel: told });
    return { channel: told, members };
  };
  try {
    const { value } = await commitChange(
      core,
      caller.userId,
      (session) => insert(core, session, caller, id, row),
      work,
      call,
    );
    welcome(core, value.channel, caller.userId, value.members);
    return value.channel;
  } catch (error) {
    if (error === exists) return undefined;
    throw error;
  }
}

interface Made {
  readonly channel: Channel;
  readonly members: readonly string[];
}

/** Ends the transaction; never seen outside. */
const exists = new Error('there is such a channel');

async function insert(
  { tables, clock }: ChatCore,
  session: Session,
  { userId }: Pick<Caller, 'userId'>,
  id: string,
  { kind, name, topic, description, parties }: Row,
): Promise<Seen> {
  const { rows } = await session.query(tables.statement('channel_create'), [
    id,
    kind,
    name ?? null,
    topic ?? '',
    description ?? '',
    parties ?? null,
    userId,
    clock.now(),
  ]);
  if (rows.length === 0) throw exists;
  return { channelId: id, kind, archived: false, role: undefined, standing: 'owner', head: 0, rev: 1 };
}

async function requireUsers(
  core: ChatCore,
  userIds: readonly string[],
  field: string,
  call: Call,
): Promise<void> {
  const active = await activeUsers(core, userIds, call);
  for (const [i, id] of userIds.entries()) {
    if (!active.has(id))
      throw new HubError('NOT_FOUND', `${field}[${i}] must be an active user`, { field: `${field}[${i}]` });
  }
}
