import { columns } from '../../columns.ts';
import { defineCommand } from '../../command.ts';
import { safeLine } from '../../safe-text.ts';

export const hubLimits = defineCommand({
  path: ['hub', 'limits'],
  summary: 'Shows the limits of users and addresses, and who was denied most',
  about: [
    'For administrators. What is counted is what one node has done since its start; the limits hold for all nodes together.',
  ],
  args: [],
  options: {},
  examples: [
    { line: 'parley hub limits', says: 'Every limit, with how often it was reached' },
    { line: 'parley hub limits --json', says: 'For a program' },
  ],
  async run({ out, hub }) {
    const { call } = await hub();
    const figures = await call('readLimits');
    const { limits, denied, away } = figures;
    const rows = limits.map(({ name, limit, seconds, admitted, denied: times }) => [
      name,
      seconds === 0 ? `${limit} at once` : `${limit} in ${seconds} s`,
      String(admitted),
      String(times),
    ]);
    const most = denied.map(({ name, identity, denied: times }) => [safeLine(identity), name, String(times)]);
    const parts = [columns([['limit', 'allows', 'admitted', 'denied'], ...rows])];
    if (most.length > 0) parts.push(columns([['denied most', 'limit', 'times'], ...most], 50));
    await out.result(figures, parts.map((lines) => lines.join('\n')).join('\n\n'));
    if (limits.length === 0) out.note('Nothing is limited here.');
    if (away > 0) out.note(`${away} times each node decided alone: the store of the limits was away.`);
  },
});
