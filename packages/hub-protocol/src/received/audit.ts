import type { AuditEntry, AuditHead, AuditRecord } from '../values/audit.ts';
import { count, list, nullable, object, text, whole } from './reader.ts';
import { data, id, perhapsId, perhapsText } from './values.ts';

const auditEntry = object<AuditEntry>({
  id,
  at: count,
  action: text,
  actorId: perhapsId,
  via: perhapsText,
  address: perhapsText,
  subjectId: perhapsText,
  channelId: perhapsId,
  details: data,
});

export const auditRecord = object<AuditRecord>({
  seq: nullable(count),
  hash: perhapsText,
  entry: nullable(auditEntry),
});

export const auditChain = object({
  items: list(auditRecord),
  head: nullable(object<AuditHead>({ seq: count, hash: text })),
  waiting: whole,
  waitingMs: whole,
  lost: perhapsId,
});

export const auditPart = object({ checked: whole, loose: perhapsId, next: perhapsId });
