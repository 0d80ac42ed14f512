import type { WebhookEntry } from '../values/webhook-entry.ts';
import { webhookWays } from '../values/words.ts';
import { count, object, text, word } from './reader.ts';
import { id, perhapsId, perhapsText } from './values.ts';

export const webhookEntry = object<WebhookEntry>({
  id,
  channelId: id,
  way: word(webhookWays, 'out'),
  name: text,
  userId: perhapsId,
  origin: perhapsText,
  createdBy: id,
  createdAt: count,
});
