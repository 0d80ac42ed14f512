import { HubError, limits, type File, type Message } from '@parley/hub-protocol';
import { newId } from '../database/ids.ts';
import { claimFiles } from '../files/claim-files.ts';
import { messageOf, type NewMessage } from '../log/new-message.ts';
import type { Reply } from '../log/portion.ts';
import type { Caller } from '../access/caller.ts';
import type { Call, Draft, Sent } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, admits, look } from './look.ts';
import { mentionedBy, mentionsOf } from './mentioning.ts';
import { checkReferences, tooManyStreams } from './references.ts';
import { changing } from './refusals.ts';
import { forgetRoster, readRoster, type Roster } from './roster.ts';
import { ensureThread } from './threads.ts';
import { sentBefore } from './sent-before.ts';
import { takeTurn } from './slow-turns.ts';
import { messageViews } from './views.ts';

type Append = (message: NewMessage, rev: number) => Promise<Reply>;

/** How often a message is allowed anew because its channel changed under it: when many come in at the same moment, each of them changes it. */
const maxTries = 20;

/** A message that is being sent. */
interface Parcel {
  readonly id: string;
  readonly draft: Draft;
  files: readonly File[];
  sent: Sent | undefined;
  /** In a channel that was slowed down. */
  hasTurn: boolean;
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
  const [sent = { error: changing() }] = await sendMessages(core, append, caller, channelId, [draft], call);
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
  const parcels = drafts.map((draft): Parcel => ({
    id: newId(core.clock.now()),
    draft,
    files: [],
    sent: undefined,
    hasTurn: false,
  }));
  let first = true;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const waiting = parcels.filter(({ sent }) => sent === undefined);
    if (waiting.length === 0) break;
    if (tries > 0) await forgetRoster(core, channelId);
    try {
      const roster = await readRoster(core, channelId, call);
      const facts = roster.factsOf(caller);
      if (!admits(facts, 'message.send')) {
        // The roster may be older than the right to write.
        admit(await look(core.tables, caller, channelId, call), 'message.send');
        continue;
      }
      // How long somebody is muted goes by the clock of the database.
      if (roster.perhapsMuted(caller.userId))
        admit(await look(core.tables, caller, channelId, call), 'message.send');
      if (first) await refuseStreams(core, caller, waiting, call);
      const prepare = (parcel: Parcel) => prepared(core, caller, channelId, parcel, first, call);
      await Promise.all(waiting.filter(({ sent }) => sent === undefined).map(prepare));
      first = false;
      if (roster.slowSeconds > 0 && facts.standing === 'writer')
        for (const parcel of waiting) await waitTurn(core, caller, channelId, parcel, roster.slowSeconds);
      const ready = waiting.filter(({ sent }) => sent === undefined);
      await addAll(core, append, channelId, ready, roster, (parcel) =>
        compose(caller, channelId, parcel, roster),
      );
    } catch (error) {
      for (const parcel of waiting) parcel.sent ??= { error };
    }
  }
  return parcels.map(({ sent = { error: changing() } }) => sent);
}

async function refuseStreams(
  core: ChatCore,
  caller: Caller,
  parcels: readonly Parcel[],
  call: Call,
): Promise<void> {
  const drafts = parcels.map(({ draft }) => draft);
  const refused = await tooManyStreams(core, caller, drafts, call);
  const what = `at most ${limits.streams} messages are streamed at once by one author`;
  for (const parcel of parcels)
    if (refused.has(parcel.draft)) parcel.sent = { error: new HubError('LIMIT_REACHED', what) };
}

/** One after another, so that of several the first one has the turn. */
async function waitTurn(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  parcel: Parcel,
  seconds: number,
): Promise<void> {
  const { draft, sent, hasTurn } = parcel;
  // Thoughts and actions are no talk.
  if (hasTurn || sent !== undefined || (draft.kind ?? 'message') !== 'message') return;
  try {
    await takeTurn(core, caller, channelId, draft.clientId, seconds);
    parcel.hasTurn = true;
  } catch (error) {
    parcel.sent = { error };
  }
}

/** Whatever is to be there before the message is. */
async function prepared(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  parcel: Parcel,
  first: boolean,
  call: Call,
): Promise<void> {
  const { kind = 'message', threadId, files } = parcel.draft;
  try {
    if (kind !== 'message' && caller.kind !== 'agent')
      throw new HubError('FORBIDDEN', `a ${kind} is for agents to send`, { field: 'kind' });
    if (first) await checkReferences(core, channelId, parcel.draft, call);
    if (files !== undefined) await claim(core, caller, channelId, parcel, files, call);
    if (parcel.sent !== undefined) return;
    if (threadId !== undefined) await ensureThread(core, caller, channelId, threadId, call);
  } catch (error) {
    parcel.sent = { error };
  }
}

async function claim(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  parcel: Parcel,
  files: readonly string[],
  call: Call,
): Promise<void> {
  try {
    parcel.files = await claimFiles(core, caller, channelId, files, call);
  } catch (error) {
    parcel.sent = { message: await sentBefore(core, caller, channelId, parcel.draft, error, call) };
  }
}

/** Those that are not added because the channel has changed stay without an answer: all of them or, of many, the last ones. */
async function addAll(
  core: ChatCore,
  append: Append,
  channelId: string,
  parcels: readonly Parcel[],
  { rev }: Roster,
  messageOfParcel: (parcel: Parcel) => NewMessage,
): Promise<void> {
  const there: Again[] = [];
  const add = async (parcel: Parcel): Promise<void> => {
    const message = messageOfParcel(parcel);
    try {
      const placed = await append(message, rev);
      if (placed === undefined) return;
      if (placed === 'timed-out') throw new HubError('FORBIDDEN', 'message send: you are in a time-out');
      if (placed.id === parcel.id) parcel.sent = { message: messageOf(message, placed) };
      else there.push({ parcel, id: placed.id });
    } catch (error) {
      parcel.sent = { error };
    }
  };
  // Begun in one turn: nothing of others comes in between, and nothing of theirs waits for a look at the database.
  await Promise.all(parcels.map(add));
  await answerAgain(core, channelId, there);
}

/** A parcel that was sent before, and the message that it became then. */
interface Again {
  readonly parcel: Parcel;
  readonly id: string;
}

/**
 * By one look at the database for all of them: those who were not answered because the hub has too much to do send everything again, and must
 * not make it more.
 */
async function answerAgain({ tables }: ChatCore, channelId: string, there: readonly Again[]): Promise<void> {
  if (there.length === 0) return;
  try {
    const ids = there.map(({ id }) => id);
    const messages = await messageViews(tables, ids);
    for (const { parcel, id } of there) {
      const message = messages.get(id);
      parcel.sent = message?.channelId === channelId ? { message } : { error: reused() };
    }
  } catch (error) {
    for (const { parcel } of there) parcel.sent = { error };
  }
}

const reused = (): HubError =>
  new HubError('CLIENT_ID_REUSED', 'this clientId belongs to a message of another channel', {
    field: 'clientId',
  });

function compose(
  caller: Caller,
  channelId: string,
  { id, draft, files }: Parcel,
  roster: Roster,
): NewMessage {
  const { kind = 'message', content, streaming } = draft;
  const mentions = mentionsOf(kind, content, roster);
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
    files,
  };
}
