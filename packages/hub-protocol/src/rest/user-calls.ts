import { pageOf } from '../received/page.ts';
import { user } from '../received/values.ts';
import type { Call } from './call.ts';

export const userCalls = {
  listUsers: {
    method: 'GET',
    path: '/users',
    reply: pageOf(user),
  },
  readUser: {
    method: 'GET',
    path: '/users/{userId}',
    reply: user,
  },
  readAvatar: {
    method: 'GET',
    path: '/users/{userId}/avatar',
    reply: 'image/svg+xml',
  },
} as const satisfies Record<string, Call>;
