import * as z from 'zod/mini';
import { maxLength, minLength } from '../lengths.ts';
import { idSchema, timeSchema } from '../ids.ts';
import { handleSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { scopes } from '../roles.ts';
import { name, text } from '../text.ts';
import { sessionSchema } from '../values/session.ts';
import { tokenSchema } from '../values/token.ts';
import { userSchema } from '../values/user.ts';
import { pageQuery, sessionId } from './fields.ts';
import { pageOf } from './page.ts';
import { profile } from './profile.ts';
import { accountCalls } from './account-calls.ts';
import { sessionCalls } from './session-calls.ts';
import type { Route } from './route.ts';

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

const secret = text(limits.secret, 1);
const password = text(limits.password, limits.passwordMin);

export const accountRoutes = {
  redeemSetupCode: {
    ...accountCalls.redeemSetupCode,
    reply: received({ user: userSchema, credentials: z.nullable(newToken) }),
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
    status: 200,
    errors: ['WRONG_CREDENTIALS', 'NAME_TAKEN'],
  },
  createSession: {
    ...accountCalls.createSession,
    reply: me,
    summary: 'Sign in with handle and password; the session is a cookie',
    auth: 'public',
    scope: null,
    // What is no handle belongs to nobody: that is told like a wrong password.
    body: sent({ handle: text(limits.secret, 1), password: text(limits.password, 1) }),
    status: 201,
    errors: ['WRONG_CREDENTIALS'],
  },
  readSession: {
    ...accountCalls.readSession,
    reply: me,
    summary: 'Who is signed in, with which scopes, until when',
    auth: 'any',
    scope: null,
    status: 200,
  },
  deleteSession: {
    ...accountCalls.deleteSession,
    summary: 'Sign out',
    auth: 'session',
    scope: null,
    status: 204,
  },
  listSessions: {
    ...sessionCalls.listSessions,
    reply: received({ items: z.array(sessionSchema) }),
    summary: 'Where one is signed in, last seen first; with a token that may `manage`, if one’s role may',
    auth: 'any',
    scope: null,
    status: 200,
  },
  revokeSession: {
    ...sessionCalls.revokeSession,
    summary: 'End an own session: its connections are closed at once',
    auth: 'any',
    scope: null,
    params: sent({ sessionId }),
    status: 204,
  },
  revokeOtherSessions: {
    ...sessionCalls.revokeOtherSessions,
    summary: 'End all own sessions but the one that asks; all of them, if a token asks',
    auth: 'any',
    scope: null,
    status: 204,
  },
  readMe: {
    ...accountCalls.readMe,
    reply: userSchema,
    summary: 'The own user',
    auth: 'any',
    scope: null,
    status: 200,
  },
  updateMe: {
    ...accountCalls.updateMe,
    reply: userSchema,
    summary: 'Change the own profile',
    auth: 'any',
    scope: 'write',
    body: sent(profile),
    status: 200,
  },
  changePassword: {
    ...sessionCalls.changePassword,
    summary: 'Change the own password; all other sessions end',
    auth: 'session',
    scope: null,
    body: sent({ current: text(limits.password, 1), next: password }),
    status: 204,
    errors: ['WRONG_CREDENTIALS'],
  },
  listTokens: {
    ...accountCalls.listTokens,
    reply: pageOf(tokenSchema),
    summary: 'Own tokens, or those of another user for administrators, without their secrets',
    auth: 'any',
    scope: 'manage',
    query: sent({ ...pageQuery, userId: z.optional(idSchema) }),
    status: 200,
  },
  createToken: {
    ...accountCalls.createToken,
    reply: newToken,
    summary:
      'Make a token for oneself, for an agent of one’s own, or as administrator for anybody; with no more scopes than one has',
    auth: 'any',
    scope: 'manage',
    body: sent({
      name: name(limits.displayName),
      userId: z.optional(idSchema),
      scopes: z.array(oneOf(scopes)).check(minLength(1), maxLength(scopes.length)),
      /** When it ends by itself. Without it, never. */
      expiresAt: z.optional(timeSchema),
    }),
    status: 201,
  },
  revokeToken: {
    ...accountCalls.revokeToken,
    summary: 'Revoke a token: its connections are closed at once',
    auth: 'any',
    scope: 'manage',
    params: sent({ tokenId: idSchema }),
    status: 204,
  },
} as const satisfies Record<string, Route>;
