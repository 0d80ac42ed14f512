import { list, object } from '../received/reader.ts';
import { session } from '../received/values.ts';
import type { Call } from './call.ts';

/** Where somebody is signed in, and by what: for the page where they look after it. */
export const sessionCalls = {
  listSessions: {
    method: 'GET',
    path: '/sessions',
    reply: object({ items: list(session) }),
  },
  revokeSession: {
    method: 'DELETE',
    path: '/sessions/{sessionId}',
  },
  revokeOtherSessions: {
    method: 'DELETE',
    path: '/sessions',
  },
  changePassword: {
    method: 'PUT',
    path: '/me/password',
  },
} as const satisfies Record<string, Call>;
