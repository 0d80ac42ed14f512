import { HubError, roles, type Mentions, type Message } from '@parley/hub-protocol';
import { newId } from '../database/ids.ts';
import { messageOf, type NewMessage, type Placed } from '../log/new-message.ts';
import type { Caller } from '../access/caller.ts';
import type { Call, Draft } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit } from './look.ts';
import { mentionsIn } from './mentions.ts';
import { checkReferences } from './references.ts';
import { noChannel } from './refusals.ts';
import { forgetRoster, readRoster, type Roster } from './roster.ts';
import { ensureThread } from './threads.ts';
import { messageView } from './views.ts';

type Append = (message: NewMessage, rev: number) => Promise<Placed | undefined>;

/** How often a message is allowed anew because its channel changed under it. */
const maxTries = 5;

/** Sends a message. Sent again by the same sender with the same client id, the one that is there is answered. */
export async function sendMessage(
  core: ChatCore,
  append: Append,
  caller: Caller,
  channelId: string,
  draft: Draft,
  { signal }: Call = {},
): Promise<Message> {
  const id = newId(core.clock.now());
  if (draft.kind !== undefined && draft.kind !== 'message' && caller.kind !== 'agent') {
    throw new HubError('FORBIDDEN', `a ${draft.kind} is for agents to send`, { field: 'kind' });
  }
  for (let tries = 0; tries < maxTries; tries += 1) {
    const roster = await readRoster(core, channelId, { signal });
    admit(seen(roster, caller, channelId), 'message.send');
    if (tries === 0) await checkReferences(core, channelId, draft, { signal });
    if (draft.threadId !== undefined) await ensureThread(core, caller, channelId, draft.threadId, { signal });
    const message = compose(id, caller, channelId, draft, roster);
    const placed = await append(message, roster.rev);
    if (placed !== undefined)
      return placed.id === id ? messageOf(message, placed) : again(core, message, placed);
    await forgetRoster(core, channelId);
  }
  throw new HubError('UNAVAILABLE', 'the channel is being changed all the time; try again');
}

function seen(roster: Roster, caller: Caller, channelId: string): ReturnType<Roster['factsOf']> {
  const facts = roster.factsOf(caller);
  if (facts.standing === 'stranger') {
    throw noChannel(channelId);
  }
  return facts;
}

function compose(id: string, caller: Caller, channelId: string, draft: Draft, roster: Roster): NewMessage {
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
