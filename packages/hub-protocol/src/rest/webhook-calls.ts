import { pageOf } from '../received/page.ts';
import { count, list, object, text } from '../received/reader.ts';
import { id } from '../received/values.ts';
import { delivery, incomingWebhook, webhook } from '../received/webhook.ts';
import type { Call } from './call.ts';

export const webhookCalls = {
  listIncomingWebhooks: {
    method: 'GET',
    path: '/channels/{channelId}/incoming-webhooks',
    reply: object({ items: list(incomingWebhook) }),
  },
  createIncomingWebhook: {
    method: 'POST',
    path: '/channels/{channelId}/incoming-webhooks',
    reply: object({ webhook: incomingWebhook, path: text }),
  },
  deleteIncomingWebhook: {
    method: 'DELETE',
    path: '/channels/{channelId}/incoming-webhooks/{webhookId}',
  },
  postByWebhook: {
    method: 'POST',
    path: '/hooks/{secret}',
    reply: object({ messageId: id, seq: count }),
  },
  listWebhooks: {
    method: 'GET',
    path: '/channels/{channelId}/webhooks',
    reply: object({ items: list(webhook) }),
  },
  createWebhook: {
    method: 'POST',
    path: '/channels/{channelId}/webhooks',
    reply: object({ webhook, secret: text }),
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/channels/{channelId}/webhooks/{webhookId}',
  },
  listDeliveries: {
    method: 'GET',
    path: '/channels/{channelId}/webhooks/{webhookId}/deliveries',
    reply: pageOf(delivery),
  },
  redeliver: {
    method: 'POST',
    path: '/channels/{channelId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver',
    reply: delivery,
  },
} as const satisfies Record<string, Call>;
