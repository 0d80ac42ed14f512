import * as z from 'zod/mini';
import { handleSchema, idSchema, timeSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { scopes } from '../roles.ts';
import { name, text } from '../text.ts';
import { tokenSchema } from '../values/token.ts';
import { userSchema } from '../values/user.ts';
import { pageOf, pageQuery } from './fields.ts';
import { profile } from './profile.ts';
import type { Route } from './route.ts';

const secret = text(limits.secret, 1);
const password = text(limits.password, limits.passwordMin);
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

export const accountRoutes = {
  redeemSetupCode: {
    method: 'POST',
    path: '/setup',
    summary:
      'Redeem a single-use set-up code: a person chooses a password and is signed in, an agent gets a token',
    auth: 'public',
    scope: null,
    body: sent({
      code: secret,
      /** People must, agents must not. */
      password: z.optional(password),
      /** The first owner may choose a handle. */
      handle: z.optional(handleSchema),
      displayName: z.optional(name(limits.displayName)),
    }),
    reply: received({ user: userSchema, credentials: z.nullable(newToken) }),
    status: 200,
    errors: ['WRONG_CREDENTIALS', 'NAME_TAKEN'],
  },
  createSession: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in with handle and password; the session is a cookie',
    auth: 'public',
    scope: null,
    // What is no handle belongs to nobody: that is told like a wrong password.
    body: sent({ handle: text(limits.secret, 1), password: text(limits.password, 1) }),
    reply: me,
    status: 201,
    errors: ['WRONG_CREDENTIALS'],
  },
  readSession: {
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, with which scopes, until when',
    auth: 'any',
    scope: null,
    reply: me,
    status: 200,
  },
  deleteSession: {
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    auth: 'session',
    scope: null,
    status: 204,
  },
  readMe: {
    method: 'GET',
    path: '/me',
    summary: 'The own user',
    auth: 'any',
    scope: null,
    reply: userSchema,
    status: 200,
  },
  updateMe: {
    method: 'PATCH',
    path: '/me',
    summary: 'Change the own profile',
    auth: 'any',
    scope: 'write',
    body: sent(profile),
    reply: userSchema,
    status: 200,
  },
  changePassword: {
    method: 'PUT',
    path: '/me/password',
    summary: 'Change the own password; all other sessions end',
    auth: 'session',
    scope: null,
    body: sent({ current: text(limits.password, 1), next: password }),
    status: 204,
    errors: ['WRONG_CREDENTIALS'],
  },
  listTokens: {
    method: 'GET',
    path: '/tokens',
    summary: 'Own tokens, or those of another user for administrators, without their secrets',
    auth: 'any',
    scope: 'manage',
    query: sent({ ...pageQuery, userId: z.optional(idSchema) }),
    reply: pageOf(tokenSchema),
    status: 200,
  },
  createToken: {
    method: 'POST',
    path: '/tokens',
    summary:
      'Make a token for oneself, for an agent of one’s own, or as administrator for anybody; with no more scopes than one has',
    auth: 'any',
    scope: 'manage',
    body: sent({
      name: name(limits.displayName),
      userId: z.optional(idSchema),
      scopes: z.array(oneOf(scopes)).check(z.minLength(1), z.maxLength(scopes.length)),
      /** When it ends by itself. Without it, never. */
      expiresAt: z.optional(timeSchema),
    }),
    reply: newToken,
    status: 201,
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/{tokenId}',
    summary: 'Revoke a token: its connections are closed at once',
    auth: 'any',
    scope: 'manage',
    params: sent({ tokenId: idSchema }),
    status: 204,
  },
} as const satisfies Record<string, Route>;
