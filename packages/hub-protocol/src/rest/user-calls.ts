import * as z from 'zod/mini';
import { timeSchema } from '../ids.ts';
import { received } from '../modes.ts';
import { userSchema } from '../values/user.ts';
import { pageOf } from './page.ts';
import type { Call } from './call.ts';

const setupCode = received({
  /** Works once, until it expires. */
  code: z.string(),
  expiresAt: timeSchema,
});

export const userCalls = {
  listUsers: {
    method: 'GET',
    path: '/users',
    reply: pageOf(userSchema),
  },
  readUser: {
    method: 'GET',
    path: '/users/{userId}',
    reply: userSchema,
  },
  readAvatar: {
    method: 'GET',
    path: '/users/{userId}/avatar',
    reply: 'image/svg+xml',
  },
  createUser: {
    method: 'POST',
    path: '/users',
    reply: received({ user: userSchema, setup: setupCode }),
  },
  updateUser: {
    method: 'PATCH',
    path: '/users/{userId}',
    reply: userSchema,
  },
  deactivateUser: {
    method: 'DELETE',
    path: '/users/{userId}',
    reply: userSchema,
  },
  reactivateUser: {
    method: 'POST',
    path: '/users/{userId}/reactivate',
    reply: userSchema,
  },
  createSetupCode: {
    method: 'POST',
    path: '/users/{userId}/setup-code',
    reply: setupCode,
  },
} as const satisfies Record<string, Call>;
