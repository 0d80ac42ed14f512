import type { LibraryName } from '../cache/libraries/library.ts';
import type { CellResult } from './run-cell.ts';

export interface Row {
  readonly id: string;
  readonly promise: string;
  readonly cells: Readonly<Partial<Record<LibraryName, CellResult>>>;
}

const marks = { pass: 'pass', fail: '**fail**', 'not offered': 'not offered' } as const;

/** The table, and below it what happened, with the options that were used. */
export function renderTable(
  rows: readonly Row[],
  libraries: readonly LibraryName[],
  versions: Readonly<Record<string, string>>,
): string {
  const head = ['', 'promise', ...libraries.map((name) => `${name} ${versions[name] ?? ''}`.trim())];
  const table = [
    line(head),
    line(head.map(() => '---')),
    ...rows.map(({ id, promise, cells }) =>
      line([id, promise, ...libraries.map((name) => (cells[name] ? marks[cells[name].verdict] : 'not run'))]),
    ),
  ];
  const notes = rows.flatMap(({ id, promise, cells }) => [
    '',
    `### ${id}: ${promise}`,
    '',
    line(['library', 'result', 'what happened', 'options used']),
    line(['---', '---', '---', '---']),
    ...libraries.flatMap((name) => {
      const cell = cells[name];
      if (cell === undefined) return [];
      const options = cell.options.map((option) => `\`${option}\``).join(', ');
      return [line([name, marks[cell.verdict], cell.happened, options === '' ? 'defaults' : options])];
    }),
  ]);
  return [...table, ...notes].join('\n');
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

/** `3 of 14`, for the terminal and the head of the page. */
export function passes(rows: readonly Row[], library: LibraryName): string {
  const verdicts = rows.flatMap(({ cells }) => cells[library]?.verdict ?? []);
  return `${verdicts.filter((verdict) => verdict === 'pass').length} of ${verdicts.length}`;
}
