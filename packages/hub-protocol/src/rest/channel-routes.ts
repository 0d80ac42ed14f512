import * as z from 'zod/mini';
import { maxLength, minLength } from '../lengths.ts';
import { idSchema } from '../ids.ts';
import { channelNameSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { roles } from '../roles.ts';
import { text } from '../text.ts';
import { channelSchema, memberSchema, readingSchema } from '../values/channel.ts';
import { channelKinds } from '../values/words.ts';
import { ofChannel, ofMember, pageQuery, queryFlag } from './fields.ts';
import { pageOf } from './page.ts';
import { channelCalls } from './channel-calls.ts';
import type { Route } from './route.ts';

const about = {
  topic: z.optional(text(limits.topic)),
  description: z.optional(text(limits.description)),
};

export const channelRoutes = {
  listChannels: {
    ...channelCalls.listChannels,
    reply: pageOf(channelSchema),
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
    status: 200,
  },
  createChannel: {
    ...channelCalls.createChannel,
    reply: channelSchema,
    summary: 'Make a public or private channel; its maker owns it',
    auth: 'any',
    scope: 'manage',
    body: sent({
      kind: oneOf(['public', 'private']),
      name: channelNameSchema,
      ...about,
      members: z.optional(z.array(idSchema).check(maxLength(limits.page))),
    }),
    status: 201,
    errors: ['NAME_TAKEN'],
  },
  openDirect: {
    ...channelCalls.openDirect,
    reply: channelSchema,
    summary: 'The conversation with one other user, or of a group; it is made when there is none',
    auth: 'any',
    scope: 'write',
    body: sent({
      /** The others. */
      userIds: z.array(idSchema).check(minLength(1), maxLength(limits.groupMembers - 1)),
    }),
    status: 200,
  },
  readChannel: {
    ...channelCalls.readChannel,
    reply: received({
      channel: channelSchema,
      member: z.nullable(memberSchema),
      reading: z.nullable(readingSchema),
    }),
    summary: 'A channel, with what the caller is in it and has read of it',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    status: 200,
  },
  updateChannel: {
    ...channelCalls.updateChannel,
    reply: channelSchema,
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
    status: 200,
    errors: ['NAME_TAKEN', 'CONFLICT', 'ARCHIVED'],
  },
  archiveChannel: {
    ...channelCalls.archiveChannel,
    reply: channelSchema,
    summary: 'Archive a channel: it can be read, and nothing can be sent',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    status: 200,
  },
  unarchiveChannel: {
    ...channelCalls.unarchiveChannel,
    reply: channelSchema,
    summary: 'Take a channel back from the archive',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    status: 200,
    errors: ['NAME_TAKEN'],
  },
  deleteChannel: {
    ...channelCalls.deleteChannel,
    summary: 'Delete a channel with everything in it',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofChannel,
    status: 204,
  },
  joinChannel: {
    ...channelCalls.joinChannel,
    reply: memberSchema,
    summary: 'Join a public channel',
    auth: 'any',
    scope: 'write',
    channel: 'see',
    params: ofChannel,
    status: 200,
    errors: ['ARCHIVED'],
  },
  leaveChannel: {
    ...channelCalls.leaveChannel,
    summary: 'Leave a channel',
    auth: 'any',
    scope: 'write',
    channel: 'see',
    params: ofChannel,
    status: 204,
    errors: ['LAST_OWNER'],
  },
  listMembers: {
    ...channelCalls.listMembers,
    reply: pageOf(memberSchema),
    summary: 'Who is in a channel',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent(pageQuery),
    status: 200,
  },
  putMember: {
    ...channelCalls.putMember,
    reply: memberSchema,
    summary: 'Invite a user, or change the role of a member',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofMember,
    body: sent({
      /** Without it: `member` for those who are new, unchanged for the others. */
      role: z.optional(oneOf(roles)),
    }),
    status: 200,
    errors: ['ARCHIVED', 'LAST_OWNER', 'LIMIT_REACHED'],
  },
  deleteMember: {
    ...channelCalls.deleteMember,
    summary: 'Remove a member; history is closed to them at once',
    auth: 'any',
    scope: 'manage',
    channel: 'manage',
    params: ofMember,
    status: 204,
    errors: ['LAST_OWNER'],
  },
} as const satisfies Record<string, Route>;
