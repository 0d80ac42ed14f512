import type { oversightRoutes } from '../rest/oversight-routes.ts';
import { setup, signedIn } from './example-account-calls.ts';
import type { CallExamples } from './example-call.ts';
import { at, ids } from './example-values.ts';

const params = { userId: ids.architect };

export const oversightCallExamples: CallExamples<keyof typeof oversightRoutes> = {
  listSetupCodes: {
    reply: { items: [{ userId: ids.architect, createdAt: at, expiresAt: setup.expiresAt }] },
  },
  deleteSetupCode: { params },
  listUserSessions: { params, reply: { items: [{ ...signedIn, current: false }] } },
  revokeUserSession: { params: { ...params, sessionId: signedIn.id } },
  revokeUserSessions: { params },
  revokeUserTokens: { params, reply: { revoked: 2 } },
  listAllWebhooks: {
    reply: {
      items: [
        {
          id: ids.webhook,
          channelId: ids.general,
          way: 'out',
          name: 'archive',
          userId: null,
          origin: 'https://archive.example.org',
          createdBy: ids.ada,
          createdAt: at,
        },
      ],
      next: null,
    },
  },
};
