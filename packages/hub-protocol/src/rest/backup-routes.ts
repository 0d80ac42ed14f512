import * as z from 'zod/mini';
import { limits } from '../limits.ts';
import { sent } from '../modes.ts';
import { name } from '../text.ts';
import { retentionRuleSchema } from '../values/retention.ts';
import { importReportSchema } from '../values/import.ts';
import { backupCalls } from './backup-calls.ts';
import { ofChannel, queryFlag } from './fields.ts';
import type { Route } from './route.ts';

export const backupRoutes = {
  readBackup: {
    ...backupCalls.readBackup,
    summary: 'All that the hub has, packed, for its owner; it goes on meanwhile',
    auth: 'any',
    scope: 'admin',
    status: 200,
  },
  readExport: {
    ...backupCalls.readExport,
    summary: 'People, channels and messages as lines of JSON, without secrets, for the owner',
    auth: 'any',
    scope: 'admin',
    query: sent({
      /** With conversations between two or a few. @default false */
      direct: z.optional(queryFlag),
    }),
    status: 200,
  },
  readRetention: {
    ...backupCalls.readRetention,
    reply: retentionRuleSchema,
    summary: 'After how many days messages of a channel are deleted',
    auth: 'any',
    scope: 'admin',
    channel: 'manage',
    params: ofChannel,
    status: 200,
  },
  setRetention: {
    ...backupCalls.setRetention,
    reply: retentionRuleSchema,
    summary:
      'Have messages of a channel deleted after so many days: 0 keeps them, null is what holds everywhere',
    auth: 'any',
    scope: 'admin',
    channel: 'manage',
    params: ofChannel,
    body: sent({ days: z.nullable(z.int().check(z.gte(0), z.lte(limits.retentionDays))) }),
    status: 200,
  },
  importLines: {
    ...backupCalls.importLines,
    reply: importReportSchema,
    summary: 'Lines of an export, in their order, for the owner; sent again they change nothing',
    auth: 'any',
    scope: 'admin',
    params: sent({
      /** Where they come from, always the same for one export. */
      source: name(limits.customName),
    }),
    body: 'application/octet-stream',
    status: 200,
  },
} as const satisfies Record<string, Route>;
