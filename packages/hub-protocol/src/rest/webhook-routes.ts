import * as z from 'zod/mini';
import { eventInfo } from '../events/event-info.ts';
import { idSchema, seqSchema } from '../ids.ts';
import { maxLength, minLength } from '../lengths.ts';
import { limits } from '../limits.ts';
import { received, sent } from '../modes.ts';
import { clientIdSchema } from '../names.ts';
import { contentSchema, name, text } from '../text.ts';
import { deliverySchema, incomingWebhookSchema, webhookSchema } from '../values/webhook.ts';
import { ofChannel, pageQuery } from './fields.ts';
import { pageOf } from './page.ts';
import type { Route } from './route.ts';
import { webhookCalls } from './webhook-calls.ts';
import { addressSchema, hookSecretSchema } from './webhook-fields.ts';

const manages = { auth: 'any', scope: 'manage', channel: 'manage' } as const;
const ofWebhook = sent({ channelId: idSchema, webhookId: idSchema });
const ofDelivery = sent({ channelId: idSchema, webhookId: idSchema, deliveryId: idSchema });

const logged: readonly string[] = Object.entries(eventInfo).flatMap(([type, { kept }]) =>
  kept === 'log' ? [type] : [],
);
const eventType = z
  .string()
  .check(z.refine((type) => logged.includes(type), { error: 'be the type of an event that logs keep' }));

const foreignText = z.optional(z.nullable(text(limits.content)));
const blocks = z.optional(z.nullable(z.array(z.unknown()).check(maxLength(50))));

const attachment = z.looseObject({
  fallback: foreignText,
  pretext: foreignText,
  title: foreignText,
  text: foreignText,
  blocks,
});

/**
 * What programs write that were made for other chats: a `text`, perhaps with `attachments` or `blocks`, and much that only says how it should look. A field
 * that nobody knows is passed over here, and nowhere else.
 */
const hookBody = z
  .looseObject({
    content: z.optional(contentSchema),
    clientId: z.optional(clientIdSchema),
    text: foreignText,
    attachments: z.optional(z.nullable(z.array(attachment).check(maxLength(20)))),
    blocks,
  })
  .check(
    z.refine(
      ({ content, text: said, attachments, blocks: shown }) =>
        typeof (content ?? said) === 'string' || [...(attachments ?? []), ...(shown ?? [])].length > 0,
      { error: 'have `content`, or `text`, `attachments` or `blocks` as other chats take them' },
    ),
  );

export const webhookRoutes = {
  listIncomingWebhooks: {
    ...webhookCalls.listIncomingWebhooks,
    ...manages,
    reply: received({ items: z.array(incomingWebhookSchema) }),
    summary: 'The addresses by which other programs write to a channel, without their secrets',
    params: ofChannel,
    status: 200,
  },
  createIncomingWebhook: {
    ...webhookCalls.createIncomingWebhook,
    ...manages,
    reply: received({
      webhook: incomingWebhookSchema,
      /** Where to post to, behind the address of the hub. Told this once: whoever knows it may write. */
      path: z.string(),
    }),
    summary: 'Make an address by which another program writes to a channel, in the name of a member',
    params: ofChannel,
    body: sent({
      name: name(limits.displayName),
      /** In whose name: oneself, an own agent or, as administrator, anybody below. Without it, oneself. */
      userId: z.optional(idSchema),
    }),
    status: 201,
    errors: ['ARCHIVED', 'LIMIT_REACHED'],
  },
  deleteIncomingWebhook: {
    ...webhookCalls.deleteIncomingWebhook,
    ...manages,
    summary: 'End an address by which another program writes to a channel',
    params: ofWebhook,
    status: 204,
  },
  postByWebhook: {
    ...webhookCalls.postByWebhook,
    reply: received({ messageId: idSchema, seq: seqSchema }),
    summary: 'Write to a channel by an incoming webhook: our own shape, or that of Slack and Mattermost',
    auth: 'public',
    scope: null,
    params: sent({ secret: hookSecretSchema }),
    body: hookBody,
    form: true,
    status: 200,
    errors: ['FORBIDDEN', 'ARCHIVED', 'CLIENT_ID_REUSED'],
  },
  listWebhooks: {
    ...webhookCalls.listWebhooks,
    ...manages,
    reply: received({ items: z.array(webhookSchema) }),
    summary: 'The addresses that are told what happens in a channel, without their secrets',
    params: ofChannel,
    status: 200,
  },
  createWebhook: {
    ...webhookCalls.createWebhook,
    ...manages,
    reply: received({
      webhook: webhookSchema,
      /** What deliveries are signed with. Told this once. */
      secret: z.string(),
    }),
    summary: 'Have an address told what happens in a channel from now on, signed and until it was taken',
    params: ofChannel,
    body: sent({
      name: name(limits.displayName),
      url: addressSchema,
      events: z.array(eventType).check(minLength(1), maxLength(logged.length)),
    }),
    status: 201,
    errors: ['ARCHIVED', 'LIMIT_REACHED'],
  },
  deleteWebhook: {
    ...webhookCalls.deleteWebhook,
    ...manages,
    summary: 'Tell an address nothing more',
    params: ofWebhook,
    status: 204,
  },
  listDeliveries: {
    ...webhookCalls.listDeliveries,
    ...manages,
    reply: pageOf(deliverySchema),
    summary: 'What was told to an address and what became of it, the latest first',
    params: ofWebhook,
    query: sent(pageQuery),
    status: 200,
  },
  redeliver: {
    ...webhookCalls.redeliver,
    ...manages,
    reply: deliverySchema,
    summary: 'Tell an address something once more',
    params: ofDelivery,
    status: 202,
  },
} as const satisfies Record<string, Route>;
