import type { channelRoutes } from '../rest/channel-routes.ts';
import type { eventRoutes, metaRoutes } from '../rest/event-routes.ts';
import type { readingRoutes, threadRoutes } from '../rest/reading-routes.ts';
import type { Channel } from '../values/channel.ts';
import type { CallExamples } from './example-call.ts';
import { eventExamples } from './example-events.ts';
import {
  epoch,
  exampleChannel,
  exampleMember,
  exampleMessage,
  exampleReading,
  exampleReply,
  ids,
} from './example-values.ts';

const params = { channelId: ids.general };
const ofMember = { channelId: ids.general, userId: ids.architect };
const ofThread = { channelId: ids.general, threadId: ids.root };
const direct: Channel = { ...exampleChannel, kind: 'direct', name: '', topic: '' };

export const channelCallExamples: CallExamples<keyof typeof channelRoutes> = {
  listChannels: { query: { joined: true }, reply: { items: [exampleChannel], next: null } },
  createChannel: {
    body: { kind: 'public', name: 'general', topic: exampleChannel.topic, members: [ids.architect] },
    reply: exampleChannel,
  },
  openDirect: { body: { userIds: [ids.architect] }, reply: direct },
  readChannel: {
    params,
    reply: { channel: exampleChannel, member: exampleMember, reading: exampleReading },
  },
  updateChannel: { params, body: { topic: exampleChannel.topic, rev: 1 }, reply: exampleChannel },
  archiveChannel: { params, reply: { ...exampleChannel, archivedAt: exampleChannel.createdAt } },
  unarchiveChannel: { params, reply: exampleChannel },
  deleteChannel: { params },
  joinChannel: { params, reply: exampleMember },
  leaveChannel: { params },
  listMembers: { params, query: { limit: 100 }, reply: { items: [exampleMember], next: null } },
  putMember: { params: ofMember, body: { role: 'member' }, reply: exampleMember },
  deleteMember: { params: ofMember },
};

export const threadCallExamples: CallExamples<keyof typeof threadRoutes> = {
  readThread: {
    params: ofThread,
    query: { after: 0, limit: 50 },
    reply: { root: exampleMessage, items: [exampleReply], seq: 19, epoch, newer: false, following: true },
  },
  followThread: { params: ofThread, reply: { following: true } },
  unfollowThread: { params: ofThread, reply: { following: false } },
};

export const readingCallExamples: CallExamples<keyof typeof readingRoutes> = {
  markRead: { params, body: { seq: 17 }, reply: exampleReading },
  listUnreads: {
    reply: { items: [{ ...exampleReading, seq: 17, level: null }], defaultLevel: null },
  },
  setNotifications: { params, body: { level: 'muted' }, reply: { level: 'muted' } },
  setDefaultNotifications: { body: { level: 'all' }, reply: { level: 'all' } },
  readLog: {
    params,
    query: { after: 16, epoch },
    reply: { items: eventExamples.slice(0, 1), seq: 17, epoch },
  },
};

export const eventCallExamples: CallExamples<keyof typeof eventRoutes> = {
  postCollaboration: {
    params,
    body: { sessionId: 'api-redesign', name: 'proposal', data: { title: 'One table of routes', votes: 2 } },
    reply: { seq: 20 },
  },
  postCustom: {
    params: { topic: 'marketplace' },
    body: { name: 'listing.created', data: { listing: 'l-7', price: 12 } },
  },
  announce: {
    body: { content: 'The hub restarts at noon.', level: 'warning' },
    reply: { id: ids.announcement },
  },
};

export const metaCallExamples: CallExamples<keyof typeof metaRoutes> = {
  readLimits: {
    reply: {
      limits: [{ name: 'message.agent', limit: 900, seconds: 60, admitted: 5_120, denied: 14 }],
      denied: [{ name: 'message.agent', identity: ids.architect, denied: 14 }],
      away: 0,
    },
  },
  readOpenApi: { reply: { openapi: '3.1.0' } },
};
