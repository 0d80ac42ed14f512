import * as z from 'zod/mini';
import { received } from '../modes.ts';
import { channelSchema, memberSchema, readingSchema } from '../values/channel.ts';
import { pageOf } from './page.ts';
import type { Call } from './call.ts';

export const channelCalls = {
  listChannels: {
    method: 'GET',
    path: '/channels',
    reply: pageOf(channelSchema),
  },
  createChannel: {
    method: 'POST',
    path: '/channels',
    reply: channelSchema,
  },
  openDirect: {
    method: 'POST',
    path: '/direct',
    reply: channelSchema,
  },
  readChannel: {
    method: 'GET',
    path: '/channels/{channelId}',
    reply: received({
      channel: channelSchema,
      member: z.nullable(memberSchema),
      reading: z.nullable(readingSchema),
    }),
  },
  updateChannel: {
    method: 'PATCH',
    path: '/channels/{channelId}',
    reply: channelSchema,
  },
  archiveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/archive',
    reply: channelSchema,
  },
  unarchiveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/unarchive',
    reply: channelSchema,
  },
  deleteChannel: {
    method: 'DELETE',
    path: '/channels/{channelId}',
  },
  joinChannel: {
    method: 'POST',
    path: '/channels/{channelId}/join',
    reply: memberSchema,
  },
  leaveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/leave',
  },
  listMembers: {
    method: 'GET',
    path: '/channels/{channelId}/members',
    reply: pageOf(memberSchema),
  },
  putMember: {
    method: 'PUT',
    path: '/channels/{channelId}/members/{userId}',
    reply: memberSchema,
  },
  deleteMember: {
    method: 'DELETE',
    path: '/channels/{channelId}/members/{userId}',
  },
} as const satisfies Record<string, Call>;
