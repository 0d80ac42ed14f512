import * as z from 'zod/mini';
import { handleSchema, idSchema, timeSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { roles } from '../roles.ts';
import { name, text } from '../text.ts';
import { userKinds, userSchema } from '../values/user.ts';
import { ofUser, pageOf, pageQuery, queryFlag } from './fields.ts';
import { profile } from './profile.ts';
import type { Route } from './route.ts';

const setupCode = received({
  /** Works once, until it expires. */
  code: z.string(),
  expiresAt: timeSchema,
});

export const userRoutes = {
  listUsers: {
    method: 'GET',
    path: '/users',
    summary: 'The directory of people and agents, by handle',
    auth: 'any',
    scope: 'read',
    query: sent({
      ...pageQuery,
      kind: z.optional(oneOf(userKinds)),
      /** Exactly this one. */
      handle: z.optional(text(limits.handle, 1)),
      /** Part of a handle or display name. */
      query: z.optional(text(limits.query)),
      capability: z.optional(text(limits.capability, 1)),
      deactivated: z.optional(queryFlag),
    }),
    reply: pageOf(userSchema),
    status: 200,
  },
  readUser: {
    method: 'GET',
    path: '/users/{userId}',
    summary: 'A user',
    auth: 'any',
    scope: 'read',
    params: ofUser,
    reply: userSchema,
    status: 200,
  },
  readAvatar: {
    method: 'GET',
    path: '/users/{userId}/avatar',
    summary: 'The picture that the hub draws for a user',
    auth: 'any',
    scope: 'read',
    params: ofUser,
    reply: 'image/svg+xml',
    status: 200,
  },
  createUser: {
    method: 'POST',
    path: '/users',
    summary: 'Add a person or an agent; they come in with the set-up code',
    auth: 'any',
    scope: 'admin',
    body: sent({
      ...profile,
      kind: oneOf(userKinds),
      handle: handleSchema,
      displayName: name(limits.displayName),
      role: z.optional(oneOf(roles)),
      ownerId: z.optional(z.nullable(idSchema)),
    }),
    reply: received({ user: userSchema, setup: setupCode }),
    status: 201,
    errors: ['NAME_TAKEN'],
  },
  updateUser: {
    method: 'PATCH',
    path: '/users/{userId}',
    summary: 'Change a user: profile, handle, role',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    body: sent({
      ...profile,
      handle: z.optional(handleSchema),
      role: z.optional(oneOf(roles)),
      ownerId: z.optional(z.nullable(idSchema)),
    }),
    reply: userSchema,
    status: 200,
    errors: ['NAME_TAKEN', 'LAST_OWNER'],
  },
  deactivateUser: {
    method: 'DELETE',
    path: '/users/{userId}',
    summary: 'Deactivate a user: sessions and tokens end, connections are closed, messages stay',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    reply: userSchema,
    status: 200,
    errors: ['LAST_OWNER'],
  },
  reactivateUser: {
    method: 'POST',
    path: '/users/{userId}/reactivate',
    summary: 'Let a deactivated user in again',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    reply: userSchema,
    status: 200,
  },
  createSetupCode: {
    method: 'POST',
    path: '/users/{userId}/setup-code',
    summary: 'Make a set-up code for a user: the earlier one ends',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    reply: setupCode,
    status: 201,
  },
} as const satisfies Record<string, Route>;
