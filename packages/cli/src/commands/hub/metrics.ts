import { readMetrics } from '@parley/hub-client/admin';
import { defineCommand } from '../../command.ts';
import { samplesIn } from '../../metrics-text.ts';
import { safeLine } from '../../safe-text.ts';

export const hubMetrics = defineCommand({
  path: ['hub', 'metrics'],
  summary: 'Shows what a node tells Prometheus of itself',
  about: ['For administrators. The figures are of the one node that answers, since its start.'],
  args: [
    { name: 'begin', optional: true, summary: 'Only those whose names begin so, such as parley_sockets' },
  ],
  options: {},
  examples: [
    { line: 'parley hub metrics', says: 'All of them' },
    { line: 'parley hub metrics parley_audit --json', says: 'Some of them, for a program' },
  ],
  async run({ world, out, hub }, { args: { begin = '' } }) {
    const { url, token } = await hub();
    const text = await readMetrics({ url, token, fetch: world.fetch });
    const samples = samplesIn(text).filter(({ name }) => name.startsWith(begin));
    const rows = samples.map(({ name, labels, value }) => {
      const said = Object.entries(labels).map(([label, word]) => `${label}=${word}`);
      return [name, said.join(' '), String(value)];
    });
    await out.list(
      samples,
      ['name', 'of', 'value'],
      rows.map((row) => row.map(safeLine)),
    );
  },
});
