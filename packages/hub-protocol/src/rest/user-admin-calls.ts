import { count, object, text } from '../received/reader.ts';
import { user } from '../received/values.ts';
import type { Call } from './call.ts';

const setupCode = object({ code: text, expiresAt: count });

export const userAdminCalls = {
  createUser: {
    method: 'POST',
    path: '/users',
    reply: object({ user, setup: setupCode }),
  },
  updateUser: {
    method: 'PATCH',
    path: '/users/{userId}',
    reply: user,
  },
  deactivateUser: {
    method: 'DELETE',
    path: '/users/{userId}',
    reply: user,
  },
  reactivateUser: {
    method: 'POST',
    path: '/users/{userId}/reactivate',
    reply: user,
  },
  createSetupCode: {
    method: 'POST',
    path: '/users/{userId}/setup-code',
    reply: setupCode,
  },
} as const satisfies Record<string, Call>;
