import { recordsOfHub } from '../../audit/records.ts';
import { defineCommand } from '../../command.ts';
import { safeJson } from '../../safe-text.ts';

export const exportAudit = defineCommand({
  path: ['audit', 'export'],
  summary: 'Writes the sealed audit log, a line of JSON for each entry, the oldest first',
  about: [
    'What it writes is proved by parley hub verify --file. That it was taken along is noted in the log.',
  ],
  args: [],
  options: {},
  examples: [{ line: 'parley audit export > audit.jsonl', says: 'All of it, to be kept elsewhere' }],
  async run({ out, hub }) {
    const { call } = await hub();
    for await (const record of recordsOfHub(call)) await out.line(record, safeJson(record));
  },
});
