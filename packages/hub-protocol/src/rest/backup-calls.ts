import { retentionRule } from '../received/retention.ts';
import { importReport } from '../received/import.ts';
import type { Call } from './call.ts';

export const backupCalls = {
  readBackup: { method: 'GET', path: '/backup', reply: 'application/octet-stream' },
  readExport: { method: 'GET', path: '/export', reply: 'application/octet-stream' },
  readRetention: { method: 'GET', path: '/channels/{channelId}/retention', reply: retentionRule },
  setRetention: { method: 'PUT', path: '/channels/{channelId}/retention', reply: retentionRule },
  importLines: { method: 'POST', path: '/imports/{source}', reply: importReport },
} as const satisfies Record<string, Call>;
