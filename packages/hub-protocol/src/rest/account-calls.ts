import * as z from 'zod/mini';
import { timeSchema } from '../ids.ts';
import { received } from '../modes.ts';
import { tokenSchema } from '../values/token.ts';
import { userSchema } from '../values/user.ts';
import { pageOf } from './page.ts';
import type { Call } from './call.ts';

const me = received({
  user: userSchema,
  /** What this session or token may do. Text, because a later version may know more. */
  scopes: z.array(z.string()),
  auth: z.string(),
  expiresAt: z.nullable(timeSchema),
});
const newToken = received({
  token: tokenSchema,
  /** Told this once. */
  secret: z.string(),
});

export const accountCalls = {
  redeemSetupCode: {
    method: 'POST',
    path: '/setup',
    reply: received({ user: userSchema, credentials: z.nullable(newToken) }),
  },
  createSession: {
    method: 'POST',
    path: '/session',
    reply: me,
  },
  readSession: {
    method: 'GET',
    path: '/session',
    reply: me,
  },
  deleteSession: {
    method: 'DELETE',
    path: '/session',
  },
  readMe: {
    method: 'GET',
    path: '/me',
    reply: userSchema,
  },
  updateMe: {
    method: 'PATCH',
    path: '/me',
    reply: userSchema,
  },
  changePassword: {
    method: 'PUT',
    path: '/me/password',
  },
  listTokens: {
    method: 'GET',
    path: '/tokens',
    reply: pageOf(tokenSchema),
  },
  createToken: {
    method: 'POST',
    path: '/tokens',
    reply: newToken,
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/{tokenId}',
  },
} as const satisfies Record<string, Call>;
