import type { auditRoutes } from '../rest/audit-routes.ts';
import type { moderationRoutes } from '../rest/moderation-routes.ts';
import type { AuditRecord } from '../values/audit.ts';
import type { CallExamples } from './example-call.ts';
import { at, exampleChannel, exampleMember, exampleUser, ids } from './example-values.ts';

const params = { channelId: ids.general };
const ofMember = { channelId: ids.general, userId: ids.architect };
const hour = 60 * 60 * 1000;
const hash = '5f2ad6a0c6a2f4b1d2f9d7b9f0a3e2f6f0c1d4f7c9a9d1b6e2a1c4b8d3f5e7a9';
const record: AuditRecord = {
  seq: 412,
  hash,
  entry: {
    id: ids.audit,
    at,
    action: 'token.create',
    actorId: ids.ada,
    via: 'session k6dDkVbYxk2jgLqvzF4Wc0m1rJ8uA5sTn9eHoPiQ3yE',
    address: null,
    subjectId: ids.token,
    channelId: null,
    details: { userId: ids.architect, scopes: ['read', 'write', 'react'] },
  },
};

export const moderationCallExamples: CallExamples<keyof typeof moderationRoutes> = {
  freezeChannel: {
    params,
    body: { reason: 'Two agents answer each other' },
    reply: { ...exampleChannel, frozenAt: at, frozenBy: ids.ada },
  },
  unfreezeChannel: { params, reply: exampleChannel },
  setSlowMode: { params, body: { seconds: 30 }, reply: { ...exampleChannel, slowSeconds: 30 } },
  muteMember: {
    params: ofMember,
    body: { seconds: 3_600, reason: 'Off topic, again' },
    reply: { ...exampleMember, muted: { at, until: at + hour } },
  },
  unmuteMember: { params: ofMember, reply: exampleMember },
  timeOutUser: {
    params: { userId: ids.architect },
    body: { seconds: 3_600 },
    reply: { ...exampleUser, timeoutUntil: at + hour },
  },
  endTimeout: { params: { userId: ids.architect }, reply: exampleUser },
};

export const auditCallExamples: CallExamples<keyof typeof auditRoutes> = {
  listAudit: { query: { action: 'token.create', limit: 50 }, reply: { items: [record], next: null } },
  readAuditChain: {
    query: { after: 411 },
    reply: { items: [record], head: { seq: 412, hash }, waiting: 0, waitingMs: 0, lost: null },
  },
  checkAudit: { reply: { checked: 413, loose: null, next: null } },
};
