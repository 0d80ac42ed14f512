import type { Outcome } from '../scenario.ts';

export interface ContestRow {
  readonly id: string;
  readonly promise: string;

  /** By the names of the contestants, with their versions. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

const marks = { pass: 'pass', fail: '**fail**', 'not offered': 'not offered' } as const;

/** A table for each promise: not everybody has limits, locks and sessions. */
export function renderContests(rows: readonly ContestRow[]): string {
  return rows
    .map(({ id, promise, outcomes }) =>
      [
        `### ${id}: ${promise}`,
        '',
        '| library | result | what happened |',
        '| --- | --- | --- |',
        ...Object.entries(outcomes).map(
          ([name, { verdict, happened }]) => `| ${name} | ${marks[verdict]} | ${cellOf(happened)} |`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

const cellOf = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
