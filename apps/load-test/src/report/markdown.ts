import { passed, type Result } from '../run/result.ts';
import { figure, goalOf, headline, otherFigures, timeNames, withUnit } from './figures.ts';

export function toMarkdown(result: Result): string {
  const { about, began, machine, seed, workers, size } = result;
  return [
    `# ${headline(result)}`,
    '',
    `${about}.`,
    '',
    passed(result) ? 'All objectives were met.' : 'Objectives were missed.',
    ...result.warnings.map((warning) => `\n> ${warning}`),
    ...result.problems.map((problem) => `\n> ${problem}`),
    '',
    '## Objectives',
    '',
    table(
      ['', 'figure', 'measured', 'objective'],
      result.verdicts.map(({ metric, value, met, ...goal }) => [
        met ? 'met' : 'missed',
        metric,
        withUnit(metric, value),
        goalOf(goal, metric),
      ]),
    ),
    '',
    '## Times',
    '',
    'In milliseconds, each from the moment at which it was due.',
    '',
    table(
      ['', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'],
      Object.entries(result.times).map(([name, times]) => [
        timeNames[name] ?? name,
        ...[times.count, times.p50, times.p90, times.p99, times.p999, times.max].map(figure),
      ]),
    ),
    '',
    '## Other figures',
    '',
    table(
      ['figure', 'measured'],
      otherFigures(result).map(([metric, value]) => [metric, withUnit(metric, value)]),
    ),
    '',
    ...(result.marks.length === 0
      ? []
      : [
          '## What happened',
          '',
          ...result.marks.map(({ at, label }) => `- ${at.toFixed(1)} s: ${label}`),
          '',
        ]),
    `Measured ${began} after ${size.warmUp} s of warming up, by ${workers} processes, seed ${seed}. ${machine}.`,
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
