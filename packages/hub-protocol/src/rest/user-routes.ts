import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { handleSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { roles } from '../roles.ts';
import { name, text } from '../text.ts';
import { userSchema } from '../values/user.ts';
import { userKinds } from '../values/words.ts';
import { ofUser, pageQuery, queryFlag } from './fields.ts';
import { pageOf } from './page.ts';
import { profile } from './profile.ts';
import { userAdminCalls } from './user-admin-calls.ts';
import { userCalls } from './user-calls.ts';
import type { Route } from './route.ts';

const setupCode = received({
  /** Works once, until it expires. */
  code: z.string(),
  expiresAt: timeSchema,
});

export const userRoutes = {
  listUsers: {
    ...userCalls.listUsers,
    reply: pageOf(userSchema),
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
    status: 200,
  },
  readUser: {
    ...userCalls.readUser,
    reply: userSchema,
    summary: 'A user',
    auth: 'any',
    scope: 'read',
    params: ofUser,
    status: 200,
  },
  readAvatar: {
    ...userCalls.readAvatar,
    summary: 'The picture that the hub draws for a user',
    auth: 'any',
    scope: 'read',
    params: ofUser,
    status: 200,
  },
  createUser: {
    ...userAdminCalls.createUser,
    reply: received({ user: userSchema, setup: setupCode }),
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
    status: 201,
    errors: ['NAME_TAKEN'],
  },
  updateUser: {
    ...userAdminCalls.updateUser,
    reply: userSchema,
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
    status: 200,
    errors: ['NAME_TAKEN', 'LAST_OWNER'],
  },
  deactivateUser: {
    ...userAdminCalls.deactivateUser,
    reply: userSchema,
    summary: 'Deactivate a user: sessions and tokens end, connections are closed, messages stay',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    status: 200,
    errors: ['LAST_OWNER'],
  },
  reactivateUser: {
    ...userAdminCalls.reactivateUser,
    reply: userSchema,
    summary: 'Let a deactivated user in again',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    status: 200,
  },
  createSetupCode: {
    ...userAdminCalls.createSetupCode,
    reply: setupCode,
    summary: 'Make a set-up code for a user: the earlier one ends',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    status: 201,
  },
} as const satisfies Record<string, Route>;
