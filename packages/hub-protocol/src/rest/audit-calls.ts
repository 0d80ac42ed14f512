import { pageOf } from '../received/page.ts';
import { auditChain, auditPart, auditRecord } from '../received/audit.ts';
import type { Call } from './call.ts';

export const auditCalls = {
  listAudit: {
    method: 'GET',
    path: '/audit',
    reply: pageOf(auditRecord),
  },
  readAuditChain: {
    method: 'GET',
    path: '/audit/chain',
    reply: auditChain,
  },
  checkAudit: {
    method: 'GET',
    path: '/audit/check',
    reply: auditPart,
  },
} as const satisfies Record<string, Call>;
