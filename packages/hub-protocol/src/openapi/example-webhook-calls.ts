import type { webhookRoutes } from '../rest/webhook-routes.ts';
import type { Delivery, IncomingWebhook, Webhook } from '../values/webhook.ts';
import type { CallExamples } from './example-call.ts';
import { at, ids } from './example-values.ts';

const params = { channelId: ids.general };
const ofWebhook = { ...params, webhookId: ids.webhook };
const secret = 'q3Zk0m1rJ8uA5sTn9eHoPiQ3yEk6dDkVbYxk2jgLqvz';
const incoming: IncomingWebhook = {
  id: ids.webhook,
  channelId: ids.general,
  name: 'build server',
  userId: ids.architect,
  createdBy: ids.ada,
  createdAt: at,
};
const webhook: Webhook = {
  id: ids.webhook,
  channelId: ids.general,
  name: 'archive',
  url: 'https://archive.example.org/parley',
  events: ['channel.message'],
  createdBy: ids.ada,
  createdAt: at,
  seq: 17,
};
const delivery: Delivery = {
  id: ids.delivery,
  webhookId: ids.webhook,
  seq: 18,
  type: 'channel.message',
  state: 'delivered',
  attempts: 1,
  status: 204,
  error: null,
  createdAt: at,
  triedAt: at + 40,
};

export const webhookCallExamples: CallExamples<keyof typeof webhookRoutes> = {
  listIncomingWebhooks: { params, reply: { items: [incoming] } },
  createIncomingWebhook: {
    params,
    body: { name: incoming.name, userId: ids.architect },
    reply: { webhook: incoming, path: `/api/v1/hooks/${secret}` },
  },
  deleteIncomingWebhook: { params: ofWebhook },
  postByWebhook: {
    params: { secret },
    body: { text: 'Build 42 is green' },
    reply: { messageId: ids.root, seq: 17 },
  },
  listWebhooks: { params, reply: { items: [webhook] } },
  createWebhook: {
    params,
    body: { name: webhook.name, url: webhook.url, events: webhook.events },
    reply: { webhook, secret: 'whsec_…' },
  },
  deleteWebhook: { params: ofWebhook },
  listDeliveries: { params: ofWebhook, query: { limit: 50 }, reply: { items: [delivery], next: null } },
  redeliver: {
    params: { ...ofWebhook, deliveryId: ids.delivery },
    reply: { ...delivery, state: 'waiting', attempts: 0, status: null, triedAt: null },
  },
};
