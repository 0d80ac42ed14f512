import { nullable, object } from '../received/reader.ts';
import { pageOf } from '../received/page.ts';
import { channel, member, reading } from '../received/values.ts';
import type { Call } from './call.ts';

export const channelCalls = {
  listChannels: {
    method: 'GET',
    path: '/channels',
    reply: pageOf(channel),
  },
  createChannel: {
    method: 'POST',
    path: '/channels',
    reply: channel,
  },
  openDirect: {
    method: 'POST',
    path: '/direct',
    reply: channel,
  },
  readChannel: {
    method: 'GET',
    path: '/channels/{channelId}',
    reply: object({ channel, member: nullable(member), reading: nullable(reading) }),
  },
  updateChannel: {
    method: 'PATCH',
    path: '/channels/{channelId}',
    reply: channel,
  },
  archiveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/archive',
    reply: channel,
  },
  unarchiveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/unarchive',
    reply: channel,
  },
  deleteChannel: {
    method: 'DELETE',
    path: '/channels/{channelId}',
  },
  joinChannel: {
    method: 'POST',
    path: '/channels/{channelId}/join',
    reply: member,
  },
  leaveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/leave',
  },
  listMembers: {
    method: 'GET',
    path: '/channels/{channelId}/members',
    reply: pageOf(member),
  },
  putMember: {
    method: 'PUT',
    path: '/channels/{channelId}/members/{userId}',
    reply: member,
  },
  deleteMember: {
    method: 'DELETE',
    path: '/channels/{channelId}/members/{userId}',
  },
} as const satisfies Record<string, Call>;
