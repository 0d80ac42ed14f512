import { channel, member, user } from '../received/values.ts';
import type { Call } from './call.ts';

export const moderationCalls = {
  freezeChannel: {
    method: 'PUT',
    path: '/channels/{channelId}/freeze',
    reply: channel,
  },
  unfreezeChannel: {
    method: 'DELETE',
    path: '/channels/{channelId}/freeze',
    reply: channel,
  },
  setSlowMode: {
    method: 'PUT',
    path: '/channels/{channelId}/slow-mode',
    reply: channel,
  },
  muteMember: {
    method: 'PUT',
    path: '/channels/{channelId}/members/{userId}/mute',
    reply: member,
  },
  unmuteMember: {
    method: 'DELETE',
    path: '/channels/{channelId}/members/{userId}/mute',
    reply: member,
  },
  timeOutUser: {
    method: 'PUT',
    path: '/users/{userId}/timeout',
    reply: user,
  },
  endTimeout: {
    method: 'DELETE',
    path: '/users/{userId}/timeout',
    reply: user,
  },
} as const satisfies Record<string, Call>;
