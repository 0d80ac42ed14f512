import {
  isKept,
  type Envelope,
  type EventType,
  type HubEvent,
  type Message,
  type UnknownEvent,
} from '@parley/hub-protocol';

export type Entry = Envelope<HubEvent | UnknownEvent>;

/** Without `--all`: what is said, and what becomes of it. */
const usual: ReadonlySet<string> = new Set<EventType>([
  'channel.message',
  'channel.message.edit',
  'channel.message.delete',
  'channel.reaction.add',
  'channel.reaction.remove',
  'thread.message',
]);

/** What is shown beside messages. */
export interface Wanted {
  /** Also what an agent thinks and does, and whatever else is kept. */
  readonly all: boolean;
  /** Also who comes and goes. */
  readonly presence: boolean;
}

export function isWanted({ event }: Entry, { all, presence }: Wanted): boolean {
  if (event.type === 'channel.presence') return presence;
  if (event.type === 'unknown') return all;
  if (all) return isKept(event.type) || event.type === 'channel.message.append';
  if (!usual.has(event.type)) return false;
  return !('message' in event) || event.message.kind === 'message' || event.message.kind === 'system';
}

/** A message that was there before, as the event by which it came; its text is that of now. */
export function entryOf(message: Message, epoch: string): Entry {
  const { channelId, senderId, timestamp, seq, threadId } = message;
  const event: HubEvent =
    threadId === null
      ? { type: 'channel.message', channelId, message }
      : {
          type: 'thread.message',
          channelId,
          threadId,
          message,
          thread: message.thread ?? { replies: 0, lastReplyAt: null, participants: [] },
        };
  return { event, timestamp, senderId, channelId, seq, epoch };
}
