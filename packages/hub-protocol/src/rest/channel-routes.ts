import * as z from 'zod/mini';
import { channelNameSchema, idSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { roles } from '../roles.ts';
import { text } from '../text.ts';
import { channelKinds, channelSchema, memberSchema, readingSchema } from '../values/channel.ts';
import { ofChannel, ofMember, pageOf, pageQuery, queryFlag } from './fields.ts';
import type { Route } from './route.ts';

const about = {
  topic: z.optional(text(limits.topic)),
  description: z.optional(text(limits.description)),
};

export const channelRoutes = {
  listChannels: {
    method: 'GET',
    path: '/channels',
    summary: 'The channels that the caller is in, and the public ones',
    auth: 'any',
    scope: 'read',
    query: sent({
      ...pageQuery,
      kind: z.optional(oneOf(channelKinds)),
      /** Only those that the caller is in. */
      joined: z.optional(queryFlag),
      /** Archived ones instead of the others. */
      archived: z.optional(queryFlag),
      query: z.optional(text(limits.query)),
    }),
    reply: pageOf(channelSchema),
    status: 200,
  },
  createChannel: {
    method: 'POST',
    path: '/channels',
    summary: 'Make a public or private channel; its maker owns it',
    auth: 'any',
    scope: 'manage',
    body: sent({
      kind: oneOf(['public', 'private']),
      name: channelNameSchema,
      ...about,
      members: z.optional(z.array(idSchema).check(z.maxLength(limits.page))),
    }),
    reply: channelSchema,
    status: 201,
    errors: ['NAME_TAKEN'],
  },
  openDirect: {
    method: 'POST',
    path: '/direct',
    summary: 'The conversation with one other user, or of a group; it is made when there is none',
    auth: 'any',
    scope: 'write',
    body: sent({
      /** The others. */
      userIds: z.array(idSchema).check(z.minLength(1), z.maxLength(limits.groupMembers - 1)),
    }),
    reply: channelSchema,
    status: 200,
  },
  readChannel: {
    method: 'GET',
    path: '/channels/{channelId}',
    summary: 'A channel, with what the caller is in it and has read of it',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    reply: received({
      channel: channelSchema,
      member: z.nullable(memberSchema),
      reading: z.nullable(readingSchema),
    }),
    status: 200,
  },
  updateChannel: {
    method: 'PATCH',
    path: '/channels/{channelId}',
    summary: 'Change name, topic or description',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    body: sent({
      name: z.optional(channelNameSchema),
      ...about,
      /** The `rev` that the change was made from: another one is a `CONFLICT`. */
      rev: z.optional(z.int()),
    }),
    reply: channelSchema,
    status: 200,
    errors: ['NAME_TAKEN', 'CONFLICT', 'ARCHIVED'],
  },
  archiveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/archive',
    summary: 'Archive a channel: it can be read, and nothing can be sent',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    reply: channelSchema,
    status: 200,
  },
  unarchiveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/unarchive',
    summary: 'Take a channel back from the archive',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    reply: channelSchema,
    status: 200,
    errors: ['NAME_TAKEN'],
  },
  deleteChannel: {
    method: 'DELETE',
    path: '/channels/{channelId}',
    summary: 'Delete a channel with everything in it',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    status: 204,
  },
  joinChannel: {
    method: 'POST',
    path: '/channels/{channelId}/join',
    summary: 'Join a public channel',
    auth: 'any',
    scope: 'write',
    channel: 'see',
    params: ofChannel,
    reply: memberSchema,
    status: 200,
    errors: ['ARCHIVED'],
  },
  leaveChannel: {
    method: 'POST',
    path: '/channels/{channelId}/leave',
    summary: 'Leave a channel',
    auth: 'any',
    scope: 'write',
    channel: 'see',
    params: ofChannel,
    status: 204,
    errors: ['LAST_OWNER'],
  },
  listMembers: {
    method: 'GET',
    path: '/channels/{channelId}/members',
    summary: 'Who is in a channel',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent(pageQuery),
    reply: pageOf(memberSchema),
    status: 200,
  },
  putMember: {
    method: 'PUT',
    path: '/channels/{channelId}/members/{userId}',
    summary: 'Invite a user, or change the role of a member',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofMember,
    body: sent({
      /** Without it: `member` for those who are new, unchanged for the others. */
      role: z.optional(oneOf(roles)),
    }),
    reply: memberSchema,
    status: 200,
    errors: ['ARCHIVED', 'LAST_OWNER', 'LIMIT_REACHED'],
  },
  deleteMember: {
    method: 'DELETE',
    path: '/channels/{channelId}/members/{userId}',
    summary: 'Remove a member; history is closed to them at once',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofMember,
    status: 204,
    errors: ['LAST_OWNER'],
  },
} as const satisfies Record<string, Route>;
