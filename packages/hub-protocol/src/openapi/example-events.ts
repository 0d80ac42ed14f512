import { isKept } from '../events/event-info.ts';
import type { Envelope, EventOf, EventType, HubEvent } from '../events/event.ts';
import {
  at,
  epoch,
  exampleAgent,
  exampleChannel,
  exampleMember,
  exampleMessage,
  examplePresence,
  exampleReading,
  exampleReply,
  exampleThread,
  exampleUser,
  ids,
} from './example-values.ts';

const channelId = ids.general;
const ofMessage = { channelId, messageId: ids.root };
const ofThread = { channelId, threadId: ids.root, thread: exampleThread };

const events: { readonly [T in EventType]: EventOf<T> } = {
  'channel.message': { type: 'channel.message', channelId, message: exampleMessage },
  'channel.message.edit': {
    type: 'channel.message.edit',
    channelId,
    message: { ...exampleMessage, content: 'Hello, world!', editedAt: at },
  },
  'channel.message.delete': { type: 'channel.message.delete', ...ofMessage, deletedAt: at },
  'channel.message.append': { type: 'channel.message.append', ...ofMessage, offset: 12, text: ' world' },
  'channel.message.pin': { type: 'channel.message.pin', ...ofMessage, pinnedAt: at, pinnedBy: ids.ada },
  'channel.message.unpin': { type: 'channel.message.unpin', ...ofMessage },
  'channel.reaction.add': { type: 'channel.reaction.add', ...ofMessage, emoji: '👍', userId: ids.ada },
  'channel.reaction.remove': { type: 'channel.reaction.remove', ...ofMessage, emoji: '👍', userId: ids.ada },
  'channel.typing': { type: 'channel.typing', channelId, userId: ids.ada, state: 'start', threadId: null },
  'channel.presence': { type: 'channel.presence', channelId, presence: examplePresence },
  'channel.read': { type: 'channel.read', channelId, reading: exampleReading },
  'notifications.update': { type: 'notifications.update', channelId, level: 'muted' },
  'channel.member.join': { type: 'channel.member.join', channelId, member: exampleMember },
  'channel.member.leave': {
    type: 'channel.member.leave',
    channelId,
    userId: ids.architect,
    reason: 'kicked',
  },
  'channel.member.update': {
    type: 'channel.member.update',
    channelId,
    member: { ...exampleMember, role: 'admin' },
  },
  'channel.create': { type: 'channel.create', channelId, channel: { ...exampleChannel, seq: 1, rev: 1 } },
  'channel.update': { type: 'channel.update', channelId, channel: exampleChannel },
  'channel.archive': {
    type: 'channel.archive',
    channelId,
    channel: { ...exampleChannel, archivedAt: at },
  },
  'channel.delete': { type: 'channel.delete', channelId },
  'thread.create': { type: 'thread.create', ...ofThread },
  'thread.update': { type: 'thread.update', ...ofThread },
  'thread.message': { type: 'thread.message', ...ofThread, message: exampleReply },
  'collaboration.event': {
    type: 'collaboration.event',
    channelId,
    sessionId: 'api-redesign',
    name: 'proposal',
    data: { title: 'One table of routes', votes: 2 },
  },
  'agent.update': { type: 'agent.update', agent: exampleAgent },
  'user.update': { type: 'user.update', user: exampleUser },
  'system.announcement': {
    type: 'system.announcement',
    id: ids.announcement,
    level: 'warning',
    content: 'The hub restarts at noon.',
  },
  'system.notice': {
    type: 'system.notice',
    level: 'warning',
    code: 'loop.tripped',
    content: 'Two agents have answered each other 20 times in a minute.',
    channelId,
  },
  'command.call': {
    type: 'command.call',
    channelId,
    callId: ids.commandCall,
    userId: ids.ada,
    name: 'deploy',
    text: 'staging',
  },
  'command.answer': {
    type: 'command.answer',
    channelId,
    callId: ids.commandCall,
    answerId: ids.commandAnswer,
    content: 'On its way to staging.',
  },
  custom: {
    type: 'custom',
    topic: 'marketplace',
    name: 'listing.created',
    data: { listing: 'l-7', price: 12 },
  },
};

/** An event of each type, as it travels. */
export const eventExamples: readonly Envelope[] = Object.values<HubEvent>(events).map((event) => ({
  event,
  timestamp: at,
  senderId: event.type.startsWith('system.') ? null : ids.ada,
  channelId: 'channelId' in event ? event.channelId : null,
  ...(isKept(event.type) && { seq: 'message' in event ? event.message.seq : 17, epoch }),
}));
