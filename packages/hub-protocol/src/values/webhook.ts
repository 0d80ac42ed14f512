import * as z from 'zod/mini';
import { idSchema, seqSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { deliveryStates } from './words.ts';

/** An address by which other programs write to a channel. */
export const incomingWebhookSchema = received({
  id: idSchema,
  channelId: idSchema,
  name: z.string(),
  /** In whose name it writes: what they may not do there, it may not either. */
  userId: idSchema,
  createdBy: idSchema,
  createdAt: timeSchema,
});
export type IncomingWebhook = z.infer<typeof incomingWebhookSchema>;

/** An address of somebody else that is told what happens in a channel. */
export const webhookSchema = received({
  id: idSchema,
  channelId: idSchema,
  name: z.string(),
  url: z.string(),
  /** The types of events that it is told. Text, because a later version may know more. */
  events: z.array(z.string()),
  createdBy: idSchema,
  createdAt: timeSchema,
  /** The number of the channel's log up to which it was looked at. */
  seq: seqSchema,
});
export type Webhook = z.infer<typeof webhookSchema>;

/** An event on its way to a webhook. */
export const deliverySchema = received({
  id: idSchema,
  webhookId: idSchema,
  /** The event's number in the channel's log. */
  seq: seqSchema,
  type: z.string(),
  state: knownOr(deliveryStates, 'waiting'),
  /** How often it was tried. */
  attempts: z.int(),
  /** What was answered last. Null: nothing was. */
  status: z.nullable(z.int()),
  /** What went wrong last. */
  error: z.nullable(z.string()),
  createdAt: timeSchema,
  triedAt: z.nullable(timeSchema),
});
export type Delivery = z.infer<typeof deliverySchema>;
