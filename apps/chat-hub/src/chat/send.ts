import { HubError, roles, type Mentions, type Message } from '@parley/hub-protocol';
import { newId } from '../database/ids.ts';
import { messageOf, type NewMessage, type Placed } from '../log/new-message.ts';
import type { Caller } from '../access/caller.ts';
import type { Call, Draft, Sent } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit } from './look.ts';
import { mentionsIn } from './mentions.ts';
import { checkReferences } from './references.ts';
import { noChannel } from './refusals.ts';
import { forgetRoster, readRoster, type Roster } from './roster.ts';
import { ensureThread } from './threads.ts';
import { messageView } from './views.ts';

type Append = (message: NewMessage, rev: number) => Promise<Placed | undefined>;

/** How often a message is allowed anew because its channel changed under it: when many come in at the same moment, each of them changes it. */
const maxTries = 20;

/** A message that is being sent. */
interface Parcel {
  readonly id: string;
  readonly draft: Draft;
  sent: Sent | undefined;
}

/** Sends a message. Sent again by the same sender with the same client id, the one that is there is answered. */
export async function sendMessage(
  core: ChatCore,
  append: Append,
  caller: Caller,
  channelId: string,
  draft: Draft,
  call?: Call,
): Promise<Message> {
  const [sent = changing()] = await sendMessages(core, append, caller, channelId, [draft], call);
  if ('error' in sent) throw sent.error;
  return sent.message;
}

/** The same with several messages of one sender, which are committed together and stand in the log in their order. Each is answered by itself. */
export async function sendMessages(
  core: ChatCore,
  append: Append,
  caller: Caller,
  channelId: string,
  drafts: readonly Draft[],
  call: Call = {},
): Promise<Sent[]> {
  const parcels = drafts.map((draft): Parcel => ({ id: newId(core.clock.now()), draft, sent: undefined }));
  for (let tries = 0; tries < maxTries; tries += 1) {
    const waiting = parcels.filter(({ sent }) => sent === undefined);
    if (waiting.length === 0) break;
    if (tries > 0) await forgetRoster(core, channelId);
    try {
      const roster = await readRoster(core, channelId, call);
      admit(seen(roster, caller, channelId), 'message.send');
      const prepare = (parcel: Parcel) => prepared(core, caller, channelId, parcel, tries === 0, call);
      await Promise.all(waiting.map(prepare));
      const ready = waiting.filter(({ sent }) => sent === undefined);
      await addAll(core, append, ready, roster, (parcel) => compose(caller, channelId, parcel, roster));
    } catch (error) {
      for (const parcel of waiting) parcel.sent ??= { error };
    }
  }
  return parcels.map(({ sent = changing() }) => sent);
}

const changing = (): Sent => ({
  error: new HubError('UNAVAILABLE', 'the channel is being changed all the time; try again'),
});

/** Whatever is to be there before the message is. */
async function prepared(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  parcel: Parcel,
  first: boolean,
  call: Call,
): Promise<void> {
  const { kind = 'message', threadId } = parcel.draft;
  try {
    if (kind !== 'message' && caller.kind !== 'agent')
      throw new HubError('FORBIDDEN', `a ${kind} is for agents to send`, { field: 'kind' });
    if (first) await checkReferences(core, channelId, parcel.draft, call);
    if (threadId !== undefined) await ensureThread(core, caller, channelId, threadId, call);
  } catch (error) {
    parcel.sent = { error };
  }
}

/** Those that are not added because the channel has changed stay without an answer: all of them or, of many, the last ones. */
async function addAll(
  core: ChatCore,
  append: Append,
  parcels: readonly Parcel[],
  { rev }: Roster,
  messageOfParcel: (parcel: Parcel) => NewMessage,
): Promise<void> {
  const add = async (parcel: Parcel): Promise<void> => {
    const message = messageOfParcel(parcel);
    try {
      const placed = await append(message, rev);
      if (placed === undefined) return;
      parcel.sent = {
        message: placed.id === parcel.id ? messageOf(message, placed) : await again(core, message, placed),
      };
    } catch (error) {
      parcel.sent = { error };
    }
  };
  // Begun in one turn: nothing of others comes in between, and nothing of theirs waits for a look at the database.
  await Promise.all(parcels.map(add));
}

function seen(roster: Roster, caller: Caller, channelId: string): ReturnType<Roster['factsOf']> {
  const facts = roster.factsOf(caller);
  if (facts.standing === 'stranger') {
    throw noChannel(channelId);
  }
  return facts;
}

function compose(caller: Caller, channelId: string, { id, draft }: Parcel, roster: Roster): NewMessage {
  const { kind = 'message', content, streaming } = draft;
  // Thoughts and actions call nobody.
  const mentions: Mentions =
    kind === 'message'
      ? mentionsIn(content, { userOf: roster.userOf, roles })
      : { users: [], roles: [], here: false };
  return {
    id,
    channelId,
    kind,
    senderId: caller.userId,
    clientId: draft.clientId,
    content,
    threadId: draft.threadId,
    replyTo: draft.replyTo,
    mentions,
    mentioned: mentionedBy(mentions, roster, caller.userId),
    turnId: draft.turnId,
    causedBy: draft.causedBy,
    streaming: streaming ?? 'none',
    model: draft.model,
    data: draft.data,
  };
}

/** Whom it reaches in the end. */
export function mentionedBy(
  { users, roles: named, here }: Mentions,
  roster: Roster,
  senderId: string,
): string[] {
  const all = here ? roster.all() : [...users, ...roster.withRoles(named)];
  return [...new Set(all)].filter((id) => id !== senderId);
}

async function again(core: ChatCore, message: NewMessage, placed: Placed): Promise<Message> {
  const there = await messageView(core.tables, placed.id);
  if (there !== undefined && there.channelId === message.channelId) return there;
  throw new HubError('CLIENT_ID_REUSED', 'this clientId belongs to a message of another channel', {
    field: 'clientId',
  });
}
