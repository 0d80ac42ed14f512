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

/** Whether an event is shown. What an agent thinks and does is for those who ask for all. */
export function isWanted({ event }: Entry, all: boolean): boolean {
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
