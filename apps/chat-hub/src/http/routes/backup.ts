import type { Readable } from 'node:stream';
import type { Backups } from '../../backup/backups.ts';
import type { Imports } from '../../transfer/imports.ts';
import type { RetentionRules } from '../../retention/rules.ts';
import { ByteAnswer } from '../byte-answer.ts';
import { disposition } from '../disposition.ts';
import type { Handlers } from '../handler.ts';

type Names = 'readBackup' | 'readExport' | 'importLines' | 'readRetention' | 'setRetention';

export interface BackupParts {
  readonly backups: Backups;
  readonly imports: Imports;
  readonly retention: RetentionRules;
}

export function backupHandlers({ backups, imports, retention }: BackupParts): Pick<Handlers, Names> {
  return {
    async readBackup({ caller, headOnly, signal }) {
      backups.admit(caller);
      const bytes = headOnly ? undefined : await backups.read(caller, { signal });
      return attached('application/gzip', 'parley.backup', bytes);
    },
    async readExport({ caller, query: { direct = false }, headOnly, signal }) {
      backups.admit(caller);
      const bytes = headOnly ? undefined : await backups.export(caller, direct, { signal });
      return attached('application/x-ndjson', 'parley-export.jsonl', bytes);
    },
    readRetention: ({ caller, params, signal }) => retention.read(caller, params.channelId, { signal }),
    setRetention: ({ caller, params, body, signal }) =>
      retention.set(caller, params.channelId, body.days, { signal }),
    importLines: ({ caller, params: { source }, body, signal }) => imports.take(caller, source, body, signal),
  };
}

/** How long it will be nobody knows. */
function attached(type: string, name: string, bytes: Readable | undefined): ByteAnswer {
  const headers = {
    'content-type': type,
    'content-disposition': disposition('attachment', name),
    'cache-control': 'no-store',
  };
  return new ByteAnswer(200, headers, bytes);
}
