import { webhookEntry } from '../received/oversight.ts';
import { pageOf } from '../received/page.ts';
import { count, list, object, whole } from '../received/reader.ts';
import { id, session } from '../received/values.ts';
import type { Call } from './call.ts';

/** What administrators see and end of the ways by which others come in, and by which programs are told. */
export const oversightCalls = {
  listSetupCodes: {
    method: 'GET',
    path: '/setup-codes',
    reply: object({ items: list(object({ userId: id, createdAt: count, expiresAt: count })) }),
  },
  deleteSetupCode: {
    method: 'DELETE',
    path: '/users/{userId}/setup-code',
  },
  listUserSessions: {
    method: 'GET',
    path: '/users/{userId}/sessions',
    reply: object({ items: list(session) }),
  },
  revokeUserSession: {
    method: 'DELETE',
    path: '/users/{userId}/sessions/{sessionId}',
  },
  revokeUserSessions: {
    method: 'DELETE',
    path: '/users/{userId}/sessions',
  },
  revokeUserTokens: {
    method: 'DELETE',
    path: '/users/{userId}/tokens',
    reply: object({ revoked: whole }),
  },
  listAllWebhooks: {
    method: 'GET',
    path: '/webhooks',
    reply: pageOf(webhookEntry),
  },
} as const satisfies Record<string, Call>;
