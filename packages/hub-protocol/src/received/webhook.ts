import type { Delivery, IncomingWebhook, Webhook } from '../values/webhook.ts';
import { deliveryStates } from '../values/words.ts';
import { count, list, nullable, object, text, whole, word } from './reader.ts';
import { id, perhapsText, perhapsTime } from './values.ts';

export const incomingWebhook = object<IncomingWebhook>({
  id,
  channelId: id,
  name: text,
  userId: id,
  createdBy: id,
  createdAt: count,
});

export const webhook = object<Webhook>({
  id,
  channelId: id,
  name: text,
  url: text,
  events: list(text),
  createdBy: id,
  createdAt: count,
  seq: count,
});

export const delivery = object<Delivery>({
  id,
  webhookId: id,
  seq: count,
  type: text,
  state: word(deliveryStates, 'waiting'),
  attempts: whole,
  status: nullable(whole),
  error: perhapsText,
  createdAt: count,
  triedAt: perhapsTime,
});
