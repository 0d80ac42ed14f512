import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { maxLength } from '../lengths.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { emojiSchema } from '../names.ts';
import { text } from '../text.ts';
import { agentSchema, presenceSchema, rosterSchema, statusSchema } from '../values/presence.ts';
import { availabilities, typingStates } from '../values/words.ts';
import { ofChannel, pageQuery, queryFlag, queryList } from './fields.ts';
import { pageOf } from './page.ts';
import { presenceCalls } from './presence-calls.ts';
import type { Route } from './route.ts';

export const presenceRoutes = {
  readRoster: {
    ...presenceCalls.readRoster,
    reply: rosterSchema,
    summary: 'Who is in a channel now, connected, and who types',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    status: 200,
  },
  setTyping: {
    ...presenceCalls.setTyping,
    summary: 'Tell that one types, every few seconds while it lasts; it ends by itself after ten',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent({ state: oneOf(typingStates), threadId: z.optional(idSchema) }),
    status: 204,
  },
  listPresences: {
    ...presenceCalls.listPresences,
    reply: received({ items: z.array(presenceSchema) }),
    summary: 'How users are seen, here or not',
    auth: 'any',
    scope: 'read',
    query: sent({ userIds: queryList(z.array(idSchema).check(maxLength(limits.presences))) }),
    status: 200,
  },
  readStatus: {
    ...presenceCalls.readStatus,
    reply: statusSchema,
    summary: 'What one has chosen to be seen as',
    auth: 'any',
    scope: 'read',
    status: 200,
  },
  setStatus: {
    ...presenceCalls.setStatus,
    reply: statusSchema,
    summary: 'Choose how to be seen, instead of what was chosen before',
    auth: 'any',
    scope: 'write',
    body: sent({
      /** Without it, as the connections say. */
      availability: z.optional(z.nullable(oneOf(availabilities))),
      customStatus: z.optional(z.nullable(text(limits.customStatus, 1))),
      emoji: z.optional(z.nullable(emojiSchema)),
      /** When it ends by itself, at most 30 days from now. Without it, after 30 days. */
      until: z.optional(z.nullable(timeSchema)),
    }),
    status: 200,
  },
  clearStatus: {
    ...presenceCalls.clearStatus,
    summary: 'Be seen as the connections say again',
    auth: 'any',
    scope: 'write',
    status: 204,
  },
  listAgents: {
    ...presenceCalls.listAgents,
    reply: pageOf(agentSchema),
    summary: 'The agents, at work or not, with what they can do and how busy they are',
    auth: 'any',
    scope: 'read',
    query: sent({
      ...pageQuery,
      capability: z.optional(text(limits.capability, 1)),
      online: z.optional(queryFlag),
    }),
    status: 200,
  },
} as const satisfies Record<string, Route>;
