import { HubError, limits, type HubEvent } from '@parley/hub-protocol';
import { readCount, readFlag } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { entryOf } from './change.ts';
import type { Call, Done } from './chat.ts';
import type { ChatCore } from './core.ts';
import { hideChannel } from './editing.ts';
import { admit, admits, look } from './look.ts';
import { readPlace } from './places.ts';
import { changing } from './refusals.ts';
import { forgetRoster, readRoster, type Roster } from './roster.ts';

interface Wish {
  readonly emoji: string;
  readonly present: boolean;
}

/** How often it is allowed anew because the channel changed under it. */
const maxTries = 20;

/** Adds or takes back a reaction. They are sets: doing it again changes nothing and tells nothing. */
export async function react(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  wish: Wish,
  call: Call = {},
): Promise<Done> {
  const { channelId } = await readPlace(core.tables, messageId, call);
  let refused = -1;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const attempt = () => reactOnce(core, caller, { channelId, messageId }, wish, refused, call);
    const outcome = await hideChannel(core.turns.change(channelId, attempt, call), messageId);
    if (typeof outcome !== 'number') return outcome;
    refused = outcome;
    const { deleted } = await readPlace(core.tables, messageId, call);
    if (deleted) throw new HubError('GONE', 'the message is deleted');
  }
  throw changing();
}

/**
 * In one statement, on the strength of what is known of the channel: reactions come in crowds, and a transaction would hold the channel for as
 * long as its answers are on their way.
 *
 * @param refused the rev on which it was refused before
 * @returns the rev on which it is refused now, and has to be allowed anew
 */
async function reactOnce(
  core: ChatCore,
  caller: Caller,
  at: { readonly channelId: string; readonly messageId: string },
  { emoji, present }: Wish,
  refused: number,
  call: Call,
): Promise<Done | number> {
  const { channelId, messageId } = at;
  const { userId } = caller;
  const roster = await readNewer(core, channelId, refused, call);
  const knows = admits(roster.factsOf(caller), 'message.react');
  // What the roster allows may be outdated, which its rev tells; what it does not allow may be allowed by now, and a mute or a time-out be over.
  if (!knows || roster.perhapsMuted(userId))
    admit(await look(core.tables, caller, channelId, call), 'message.react');
  if (!knows) return roster.rev;
  const type = present ? 'channel.reaction.add' : 'channel.reaction.remove';
  const event: HubEvent = { type, channelId, messageId, emoji, userId };
  // From here on nobody gives up: what is done is told.
  const { rows } = await core.tables.db.query(core.tables.statement('reaction_set'), [
    channelId,
    roster.rev,
    messageId,
    userId,
    emoji,
    present,
    limits.reactionsPerAuthor,
    JSON.stringify(event),
  ]);
  const [row] = rows;
  if (row === undefined) {
    admit(await look(core.tables, caller, channelId, call), 'message.react');
    return roster.rev;
  }
  if (readFlag(row, 0))
    throw new HubError('LIMIT_REACHED', `one may react to a message in ${limits.reactionsPerAuthor} ways`);
  if (row[1] === null) return { channelId, messageId, seq: undefined };
  const seq = readCount(row, 1);
  core.feed.committed(channelId, [entryOf(event, userId, seq, readCount(row, 2))]);
  return { channelId, messageId, seq };
}

/** Read anew only where nobody else has done so: many are refused by the same change. */
async function readNewer(core: ChatCore, channelId: string, rev: number, call: Call): Promise<Roster> {
  const roster = await readRoster(core, channelId, call);
  if (roster.rev > rev) return roster;
  await forgetRoster(core, channelId);
  return readRoster(core, channelId, call);
}
