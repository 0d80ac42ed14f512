import type { backupRoutes } from '../rest/backup-routes.ts';
import type { CallExamples } from './example-call.ts';
import { ids } from './example-values.ts';

const params = { channelId: ids.general };

export const backupCallExamples: CallExamples<keyof typeof backupRoutes> = {
  readBackup: { reply: '…' },
  readExport: { query: { direct: true }, reply: '…' },
  readRetention: { params, reply: { days: null, inForce: 0 } },
  setRetention: { params, body: { days: 90 }, reply: { days: 90, inForce: 90 } },
  importLines: {
    params: { source: 'slack-T024BE7LD' },
    body: '@lines.jsonl',
    reply: { added: 812, known: 0, refused: [{ line: 7, reason: 'it is not JSON' }] },
  },
};
