import * as z from 'zod/mini';
import { announcementLevels } from '../events/hub-events.ts';
import { customNameSchema, customTopicSchema, idSchema, seqSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { dataSchema, name, text } from '../text.ts';
import { ofChannel } from './fields.ts';
import type { Route } from './route.ts';

export const eventRoutes = {
  postCollaboration: {
    method: 'POST',
    path: '/channels/{channelId}/events',
    summary: 'Tell a channel of a step of common work, as `collaboration.event`',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent({ sessionId: text(limits.ref, 1), name: customNameSchema, data: dataSchema }),
    reply: received({ seq: seqSchema }),
    status: 201,
    errors: ['ARCHIVED'],
  },
  postCustom: {
    method: 'POST',
    path: '/topics/{topic}/events',
    summary: 'Tell everybody who listens to a topic, as `custom`',
    auth: 'any',
    scope: 'write',
    params: sent({ topic: customTopicSchema }),
    body: sent({ name: customNameSchema, data: dataSchema }),
    status: 204,
  },
  announce: {
    method: 'POST',
    path: '/announcements',
    summary: 'Tell everybody who is connected, as `system.announcement`',
    auth: 'any',
    scope: 'admin',
    body: sent({ content: name(limits.announcement), level: z.optional(oneOf(announcementLevels)) }),
    reply: received({ id: idSchema }),
    status: 201,
  },
} as const satisfies Record<string, Route>;

export const metaRoutes = {
  readOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This interface as OpenAPI 3.1',
    auth: 'public',
    scope: null,
    reply: z.looseObject({ openapi: z.string() }),
    status: 200,
  },
} as const satisfies Record<string, Route>;
