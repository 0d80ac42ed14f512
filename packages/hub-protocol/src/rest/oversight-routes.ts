import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { received, sent } from '../modes.ts';
import { sessionSchema } from '../values/session.ts';
import { webhookEntrySchema } from '../values/webhook-entry.ts';
import { ofUser, pageQuery, sessionId } from './fields.ts';
import { oversightCalls } from './oversight-calls.ts';
import { pageOf } from './page.ts';
import type { Route } from './route.ts';

const administers = { auth: 'any', scope: 'admin' } as const;

export const oversightRoutes = {
  listSetupCodes: {
    ...oversightCalls.listSetupCodes,
    ...administers,
    reply: received({
      items: z.array(received({ userId: idSchema, createdAt: timeSchema, expiresAt: timeSchema })),
    }),
    summary:
      'Whose set-up codes are open, the latest first and at most 200; the codes themselves nobody is told again',
    status: 200,
  },
  deleteSetupCode: {
    ...oversightCalls.deleteSetupCode,
    ...administers,
    summary: 'End the set-up code of a user before it is used',
    params: ofUser,
    status: 204,
  },
  listUserSessions: {
    ...oversightCalls.listUserSessions,
    ...administers,
    reply: received({ items: z.array(sessionSchema) }),
    summary: 'Where somebody who stands below is signed in, last seen first',
    params: ofUser,
    status: 200,
  },
  revokeUserSession: {
    ...oversightCalls.revokeUserSession,
    ...administers,
    summary: 'End a session of somebody who stands below: its connections are closed at once',
    params: sent({ userId: idSchema, sessionId }),
    status: 204,
  },
  revokeUserSessions: {
    ...oversightCalls.revokeUserSessions,
    ...administers,
    summary: 'Sign somebody who stands below out everywhere; tokens stay',
    params: ofUser,
    status: 204,
  },
  revokeUserTokens: {
    ...oversightCalls.revokeUserTokens,
    reply: received({ revoked: z.int() }),
    summary:
      'Revoke all tokens of oneself but the one that asks, of an agent of one’s own, or as administrator of anybody',
    auth: 'any',
    scope: 'manage',
    params: ofUser,
    status: 200,
  },
  listAllWebhooks: {
    ...oversightCalls.listAllWebhooks,
    ...administers,
    reply: pageOf(webhookEntrySchema),
    summary: 'The webhooks of all channels, also of those that one is not in, the latest first',
    query: sent(pageQuery),
    status: 200,
  },
} as const satisfies Record<string, Route>;
