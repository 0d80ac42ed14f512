import * as z from 'zod/mini';
import { idSchema, seqSchema } from '../ids.ts';
import { customNameSchema, customTopicSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { dataSchema, name, text } from '../text.ts';
import { announcementLevels } from '../values/words.ts';
import { ofChannel } from './fields.ts';
import { limitFiguresSchema } from '../values/limit-figures.ts';
import { announceCalls, eventCalls, metaCalls } from './event-calls.ts';
import { limitCalls } from './limit-calls.ts';
import type { Route } from './route.ts';

export const eventRoutes = {
  postCollaboration: {
    ...eventCalls.postCollaboration,
    reply: received({ seq: seqSchema }),
    summary: 'Tell a channel of a step of common work, as `collaboration.event`',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent({ sessionId: text(limits.ref, 1), name: customNameSchema, data: dataSchema }),
    status: 201,
    errors: ['ARCHIVED'],
  },
  postCustom: {
    ...eventCalls.postCustom,
    summary: 'Tell everybody who listens to a topic, as `custom`',
    auth: 'any',
    scope: 'write',
    params: sent({ topic: customTopicSchema }),
    body: sent({ name: customNameSchema, data: dataSchema }),
    status: 204,
  },
  announce: {
    ...announceCalls.announce,
    reply: received({ id: idSchema }),
    summary: 'Tell everybody who is connected, as `system.announcement`',
    auth: 'any',
    scope: 'admin',
    body: sent({ content: name(limits.announcement), level: z.optional(oneOf(announcementLevels)) }),
    status: 201,
  },
} as const satisfies Record<string, Route>;

export const metaRoutes = {
  readLimits: {
    ...limitCalls.readLimits,
    reply: limitFiguresSchema,
    summary: 'The limits of users and addresses, and how often this node has denied by each',
    auth: 'any',
    scope: 'admin',
    status: 200,
  },
  readOpenApi: {
    ...metaCalls.readOpenApi,
    reply: z.looseObject({ openapi: z.string() }),
    summary: 'This interface as OpenAPI 3.1',
    auth: 'public',
    scope: null,
    status: 200,
  },
} as const satisfies Record<string, Route>;
