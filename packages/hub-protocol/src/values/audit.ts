import * as z from 'zod/mini';
import { idSchema, seqSchema, timeSchema } from '../ids.ts';
import { received } from '../modes.ts';

/** Something that was done, and that somebody may have to answer for. */
export const auditEntrySchema = received({
  id: idSchema,
  at: timeSchema,
  /** What was done, such as `token.create`. Text, because a later version may know more. */
  action: z.string(),
  /** Who did it. Null: the hub itself, or somebody who is not known. */
  actorId: z.nullable(idSchema),
  /** By what they proved themselves: `session` or `token`, and its id. */
  via: z.nullable(z.string()),
  /** From where, as far as that was asked. */
  address: z.nullable(z.string()),
  /** To whom or what: a user, a token, a channel, a message. */
  subjectId: z.nullable(z.string()),
  channelId: z.nullable(idSchema),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** An entry with its place in the chain. */
export const auditRecordSchema = received({
  /** 1, 2, 3 and so on without holes. Null: it is not sealed yet. */
  seq: z.nullable(seqSchema),
  /** SHA-256, in hexadecimal digits, of the entry and of the seal before it. */
  hash: z.nullable(z.string()),
  /** Null: what was sealed here is gone. */
  entry: z.nullable(auditEntrySchema),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** The end of the chain. Whoever notes it down can prove later that nothing before it was changed. */
export const auditHeadSchema = received({ seq: seqSchema, hash: z.string() });
export type AuditHead = z.infer<typeof auditHeadSchema>;
