import type { RequirementsReport, Tally } from './requirements.ts';

/** The report as a person reads it: the counts, then what is wrong, then what to do about it. */
export function printRequirements({ tallies, problems, hints }: RequirementsReport): string {
  const total = tallies.reduce(add, { area: 'All', done: 0, partial: 0, open: 0 });
  const table = [['', 'done', 'partial', 'open'], ...[...tallies, total].map(cells)];
  const lines = table.map(
    ([area = '', ...counts]) => area.padEnd(26) + counts.map((text) => text.padStart(9)).join(''),
  );
  if (problems.length > 0) lines.push('', ...problems.map((problem) => `- ${problem}`));
  if (hints.length > 0) lines.push('', ...hints);
  const rows = total.done + total.partial + total.open;
  const verdict =
    problems.length === 0 ? '' : `, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  lines.push('', `requirements: ${total.done} of ${rows} done${verdict}`);
  return lines.join('\n');
}

function cells({ area, done, partial, open }: Tally): string[] {
  return [area, String(done), String(partial), String(open)];
}

function add(sum: Tally, next: Tally): Tally {
  return {
    area: sum.area,
    done: sum.done + next.done,
    partial: sum.partial + next.partial,
    open: sum.open + next.open,
  };
}
