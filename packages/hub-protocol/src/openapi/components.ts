import type * as z from 'zod/mini';
import { problemSchema } from '../problem-schema.ts';
import { envelopeSchema, hubEventSchema } from '../events/event.ts';
import { epochSchema, idSchema, seqSchema, timeSchema } from '../ids.ts';
import { auditEntrySchema, auditRecordSchema } from '../values/audit.ts';
import { commandAnswerSchema, commandCallSchema, commandSchema } from '../values/command.ts';
import { channelSchema, memberSchema, readingSchema } from '../values/channel.ts';
import {
  editSchema,
  mentionsSchema,
  messageSchema,
  reactionSchema,
  threadSchema,
} from '../values/message.ts';
import { fileSchema } from '../values/file.ts';
import { limitFiguresSchema } from '../values/limit-figures.ts';
import { sessionSchema } from '../values/session.ts';
import { tokenSchema } from '../values/token.ts';
import { agentSchema, presenceSchema, rosterSchema, statusSchema, typistSchema } from '../values/presence.ts';
import { userSchema } from '../values/user.ts';
import { webhookEntrySchema } from '../values/webhook-entry.ts';
import { deliverySchema, incomingWebhookSchema, webhookSchema } from '../values/webhook.ts';

/** Values that have a name of their own in every document. */
export const namedValues: Readonly<Record<string, z.ZodMiniType>> = {
  Id: idSchema,
  Seq: seqSchema,
  Time: timeSchema,
  Epoch: epochSchema,
  User: userSchema,
  Presence: presenceSchema,
  Status: statusSchema,
  Typist: typistSchema,
  Roster: rosterSchema,
  Agent: agentSchema,
  Channel: channelSchema,
  Member: memberSchema,
  Reading: readingSchema,
  Message: messageSchema,
  Mentions: mentionsSchema,
  Reaction: reactionSchema,
  Thread: threadSchema,
  Edit: editSchema,
  File: fileSchema,
  Session: sessionSchema,
  Token: tokenSchema,
  LimitFigures: limitFiguresSchema,
  AuditEntry: auditEntrySchema,
  AuditRecord: auditRecordSchema,
  IncomingWebhook: incomingWebhookSchema,
  Webhook: webhookSchema,
  WebhookEntry: webhookEntrySchema,
  Delivery: deliverySchema,
  Command: commandSchema,
  CommandAnswer: commandAnswerSchema,
  CommandCall: commandCallSchema,
  Problem: problemSchema,
};

/** `channel.message.edit` is called `ChannelMessageEditEvent` among the schemas. */
export function eventComponent(type: string): string {
  const words = type.split('.').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join('').replace(/Event$/, '')}Event`;
}

/** Everything that stands under its name in the documents. */
export function components(): Record<string, z.ZodMiniType> {
  const events = hubEventSchema.def.options.map(
    (schema) => [eventComponent(schema.shape.type.def.values[0] ?? ''), schema] as const,
  );
  return { ...namedValues, ...Object.fromEntries(events), Event: hubEventSchema, Envelope: envelopeSchema };
}
