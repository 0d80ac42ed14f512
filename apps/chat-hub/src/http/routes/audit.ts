import { limits } from '@parley/hub-protocol';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { Handlers } from '../handler.ts';
import { idIn, readPage } from '../paging.ts';

/** Some tenths of a second. */
const checkedAtOnce = 20_000;

export interface AuditParts {
  readonly audit: AuditLog;
}

export function auditHandlers({
  audit,
}: AuditParts): Pick<Handlers, 'checkAudit' | 'listAudit' | 'readAuditChain'> {
  return {
    listAudit: ({ caller, query: { limit, cursor, ...wanted } }) =>
      readPage(
        { limit, cursor },
        (after, limit) => audit.list(caller, { ...wanted, before: after && idIn(after), limit }),
        ({ entry }) => entry?.id ?? '',
      ),
    readAuditChain: ({ caller, query: { after = 0, limit = limits.page } }) =>
      audit.chain(caller, after, limit),
    checkAudit: ({ query: { after } }) => audit.check(after, checkedAtOnce),
  };
}
