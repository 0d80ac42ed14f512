import * as z from 'zod/mini';
import { limits } from '../limits.ts';
import { sent } from '../modes.ts';
import { text } from '../text.ts';
import { channelSchema, memberSchema } from '../values/channel.ts';
import { userSchema } from '../values/user.ts';
import { ofChannel, ofMember, ofUser } from './fields.ts';
import { moderationCalls } from './moderation-calls.ts';
import type { Route } from './route.ts';

/** Kept in the audit log. */
const reason = z.optional(text(limits.reason));

const seconds = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));

const manages = { auth: 'any', scope: 'manage', channel: 'manage', status: 200 } as const;

export const moderationRoutes = {
  freezeChannel: {
    ...moderationCalls.freezeChannel,
    ...manages,
    reply: channelSchema,
    summary: 'Freeze a channel at once: only people write there; for people to do',
    params: ofChannel,
    body: sent({ reason }),
    errors: ['ARCHIVED'],
  },
  unfreezeChannel: {
    ...moderationCalls.unfreezeChannel,
    ...manages,
    reply: channelSchema,
    summary: 'Let agents write in a channel again; for people to do',
    params: ofChannel,
    errors: ['ARCHIVED'],
  },
  setSlowMode: {
    ...moderationCalls.setSlowMode,
    ...manages,
    reply: channelSchema,
    summary: 'Let everybody who does not manage the channel send one message in so many seconds; 0 ends it',
    params: ofChannel,
    body: sent({ seconds: seconds(0, limits.slowSeconds), reason }),
    errors: ['ARCHIVED'],
  },
  muteMember: {
    ...moderationCalls.muteMember,
    ...manages,
    reply: memberSchema,
    summary:
      'Mute a member: they read on and write nothing in the channel, for a time or until they may again',
    params: ofMember,
    body: sent({
      /** Without it, until somebody lets them speak again. */
      seconds: z.optional(seconds(1, limits.muteSeconds)),
      reason,
    }),
    errors: ['ARCHIVED'],
  },
  unmuteMember: {
    ...moderationCalls.unmuteMember,
    ...manages,
    reply: memberSchema,
    summary: 'Let a member speak again',
    params: ofMember,
    errors: ['ARCHIVED'],
  },
  timeOutUser: {
    ...moderationCalls.timeOutUser,
    reply: userSchema,
    summary: 'For a time let a user do in the whole workspace what an observer does: read, and nothing else',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    body: sent({ seconds: seconds(1, limits.muteSeconds), reason }),
    status: 200,
  },
  endTimeout: {
    ...moderationCalls.endTimeout,
    reply: userSchema,
    summary: 'End the time-out of a user',
    auth: 'any',
    scope: 'admin',
    params: ofUser,
    status: 200,
  },
} as const satisfies Record<string, Route>;
