import { auditCalls } from './audit-calls.ts';
import { commandCalls } from './command-calls.ts';
import { announceCalls, metaCalls } from './event-calls.ts';
import { limitCalls } from './limit-calls.ts';
import { moderationCalls } from './moderation-calls.ts';
import { oversightCalls } from './oversight-calls.ts';
import { sessionCalls } from './session-calls.ts';
import { userAdminCalls } from './user-admin-calls.ts';
import { webhookCalls } from './webhook-calls.ts';

/** Routes of those who run the hub, of commands, of own sessions, and the description of all of them: few clients carry them. */
export const adminCalls = {
  ...announceCalls,
  ...auditCalls,
  ...commandCalls,
  ...limitCalls,
  ...metaCalls,
  ...moderationCalls,
  ...oversightCalls,
  ...sessionCalls,
  ...userAdminCalls,
  ...webhookCalls,
};
