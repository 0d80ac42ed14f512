import * as z from 'zod/mini';
import { idSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { received, sent } from '../modes.ts';
import { text } from '../text.ts';
import { auditHeadSchema, auditRecordSchema } from '../values/audit.ts';
import { auditCalls } from './audit-calls.ts';
import { pageQuery, queryInt } from './fields.ts';
import { pageOf } from './page.ts';
import type { Route } from './route.ts';

export const auditRoutes = {
  listAudit: {
    ...auditCalls.listAudit,
    reply: pageOf(auditRecordSchema),
    summary: 'What was done that somebody may have to answer for, the latest first',
    auth: 'any',
    scope: 'admin',
    query: sent({
      ...pageQuery,
      /** Exactly this one, such as `token.create`. */
      action: z.optional(text(limits.customName, 1)),
      actorId: z.optional(idSchema),
      subjectId: z.optional(text(limits.secret, 1)),
      channelId: z.optional(idSchema),
      /** Not before, in milliseconds since 1970. */
      since: z.optional(queryInt(0)),
      /** Before this, likewise. */
      until: z.optional(queryInt(0)),
    }),
    status: 200,
  },
  readAuditChain: {
    ...auditCalls.readAuditChain,
    reply: received({
      items: z.array(auditRecordSchema),
      /** Null: nothing was sealed yet. */
      head: z.nullable(auditHeadSchema),
      /** How many entries wait for their seal; told with the last page, and 0 before. */
      waiting: z.int(),
      /** For how many milliseconds the oldest of them does: more than some seconds, and sealing stands still. Told with the last page. */
      waitingMs: z.int(),
      /** The first one that waits for its seal and is gone: somebody has been at the log. Told with the last page. */
      lost: z.nullable(idSchema),
    }),
    summary: 'The sealed entries in the order of their seals; who reads them is noted',
    auth: 'any',
    scope: 'admin',
    query: sent({
      /** Those behind this number. Without it, from the beginning. */
      after: z.optional(queryInt(0)),
      limit: z.optional(queryInt(1, limits.page)),
    }),
    status: 200,
  },
  checkAudit: {
    ...auditCalls.checkAudit,
    reply: received({
      /** How many entries were looked at. */
      checked: z.int(),
      /** The first of them that is not sealed and does not wait for it: somebody has been at the chain. */
      loose: z.nullable(idSchema),
      /** Where to go on. Null: that was the end of the log. */
      next: z.nullable(idSchema),
    }),
    summary: 'Look over a part of the log for entries that are neither sealed nor wait for it',
    auth: 'any',
    scope: 'admin',
    query: sent({
      /** `next` of the part before. Without it, from the beginning. */
      after: z.optional(idSchema),
    }),
    status: 200,
  },
} as const satisfies Record<string, Route>;
