import { HubError } from '../errors.ts';
import type { Envelope, EventOf, EventType, HubEvent, UnknownEvent } from '../events/event.ts';
import { announcementLevels, leaveReasons, typingStates } from '../values/words.ts';
import { count, object, optional, readReceived, text, whole, word, type Reader } from './reader.ts';
import {
  agent,
  channel,
  data,
  epoch,
  id,
  level as notificationLevel,
  member,
  message,
  perhapsId,
  presence,
  reading,
  thread,
  user,
} from './values.ts';

type Fields = { readonly [T in EventType]: Reader<Omit<EventOf<T>, 'type'>> };

const ofChannel = object({ channelId: id, channel });
const ofMember = object({ channelId: id, member });
const ofMessage = object({ channelId: id, message });
const ofThread = object({ channelId: id, threadId: id, thread });
const ofReaction = object({ channelId: id, messageId: id, emoji: text, userId: id });
const level = word(announcementLevels, 'info');

/** What each event has besides its type. */
const fields: Fields = {
  'channel.message': ofMessage,
  'channel.message.edit': ofMessage,
  'channel.message.delete': object({ channelId: id, messageId: id, deletedAt: count }),
  'channel.message.append': object({ channelId: id, messageId: id, offset: whole, text }),
  'channel.message.pin': object({ channelId: id, messageId: id, pinnedAt: count, pinnedBy: perhapsId }),
  'channel.message.unpin': object({ channelId: id, messageId: id }),
  'channel.reaction.add': ofReaction,
  'channel.reaction.remove': ofReaction,
  'channel.typing': object({
    channelId: id,
    userId: id,
    state: word(typingStates, 'stop'),
    threadId: perhapsId,
  }),
  'channel.presence': object({ channelId: id, presence }),
  'channel.read': object({ channelId: id, reading }),
  'notifications.update': object({ channelId: perhapsId, level: notificationLevel }),
  'channel.member.join': ofMember,
  'channel.member.leave': object({ channelId: id, userId: id, reason: word(leaveReasons, 'left') }),
  'channel.member.update': ofMember,
  'channel.create': ofChannel,
  'channel.update': ofChannel,
  'channel.archive': ofChannel,
  'channel.delete': object({ channelId: id }),
  'thread.create': ofThread,
  'thread.update': ofThread,
  'thread.message': object({ channelId: id, threadId: id, thread, message }),
  'collaboration.event': object({ channelId: id, sessionId: text, name: text, data }),
  'user.update': object({ user }),
  'agent.update': object({ agent }),
  'system.announcement': object({ id, level, content: text }),
  'system.notice': object({ level, code: text, content: text, channelId: perhapsId }),
  'command.call': object({ channelId: id, callId: id, userId: id, name: text, text }),
  'command.answer': object({ channelId: id, callId: id, answerId: id, content: text }),
  custom: object({ topic: text, name: text, data }),
};

const typed = object({ type: text });

/** An event of whatever version: what is not known here, or cannot be read, is `unknown`. */
export const readEvent: Reader<HubEvent | UnknownEvent> = (value) => {
  const { type } = typed(value);
  const unknown = (fault: string | null): UnknownEvent => ({
    type: 'unknown',
    name: type.slice(0, 100),
    fault,
  });
  if (!isKnown(type)) return unknown(null);
  try {
    // The type and the fields of one event.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { type, ...readReceived<object>(fields[type], value) } as HubEvent;
  } catch (error) {
    if (error instanceof HubError) return unknown(error.message);
    throw error;
  }
};

function isKnown(type: string): type is EventType {
  return Object.hasOwn(fields, type);
}

/** Only what surrounds an event must be whole, so that no number of a log is missed because of what this version does not know. */
export const envelope = object<Envelope<HubEvent | UnknownEvent>>({
  event: readEvent,
  timestamp: count,
  senderId: perhapsId,
  channelId: perhapsId,
  seq: optional(count),
  epoch: optional(epoch),
});
