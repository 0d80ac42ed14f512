import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lastRun, readEvidence } from './requirements-evidence.ts';
import { areas as ourAreas, idsOf } from './requirements-ids.ts';
import type { Evidence } from './requirements-evidence.ts';
import type { Area } from './requirements-ids.ts';
import type { RequirementRow } from './requirements-table.ts';
import { parseTable } from './requirements-table.ts';

const page = 'docs/requirements.md';
const statuses = ['done', 'partial', 'open'] as const;

export interface Tally {
  readonly area: string;
  readonly done: number;
  readonly partial: number;
  readonly open: number;
}

export interface RequirementsReport {
  readonly tallies: readonly Tally[];
  /** Empty when every row may stand as it is. */
  readonly problems: readonly string[];
  /** What to do about the problems, where one cause explains several of them. */
  readonly hints: readonly string[];
}

/** Holds the table of promises against the list of known ids, the pages, the last test run and the recorded results. */
export function checkRequirements(root: string, areas: readonly Area[] = ourAreas): RequirementsReport {
  const path = join(root, page);
  if (!existsSync(path)) return { tallies: [], problems: [`${page} does not exist`], hints: [] };
  const table = parseTable(readFileSync(path, 'utf8'));
  const evidence = readEvidence(root);
  const unshown = table.rows
    .filter((row) => row.status === 'done')
    .flatMap((row) => unshownBy(row, evidence));
  return {
    tallies: areas.map((area) => tally(area, table.rows)),
    problems: [
      ...table.problems.map((problem) => `${page} ${problem}`),
      ...idProblems(table.rows, areas),
      ...table.rows.flatMap((row) => shapeProblems(root, row)),
      ...unshown.map(({ row, why }) => `${row.id} is marked done, but ${why}`),
    ],
    hints: hintsFor(unshown, evidence),
  };
}

function idProblems(rows: readonly RequirementRow[], areas: readonly Area[]): string[] {
  const known = areas.flatMap(idsOf);
  const lines = new Map<string, number[]>();
  for (const { id, line } of rows) lines.set(id, [...(lines.get(id) ?? []), line]);
  return [
    ...known.filter((id) => !lines.has(id)).map((id) => `${id} has no row in ${page}`),
    ...[...lines]
      .filter(([, where]) => where.length > 1)
      .map(([id, where]) => `${id} has ${where.length} rows, on lines ${where.join(', ')}`),
    ...[...lines.keys()].filter((id) => !known.includes(id)).map((id) => `"${id}" is not a known id`),
  ];
}

function shapeProblems(root: string, row: RequirementRow): string[] {
  const problems: string[] = [];
  if (row.promise === '') problems.push(`${row.id} promises nothing`);
  if (!statuses.some((status) => status === row.status))
    problems.push(`${row.id} has the status "${row.status}"; allowed are ${statuses.join(', ')}`);
  for (const link of row.pages) {
    const [target = ''] = link.split('#');
    if (!existsSync(resolve(root, dirname(page), target)))
      problems.push(`${row.id} links to ${link}, which does not exist`);
  }
  // A stale name misleads in an open row too; a done row hears of it together with what it lacks otherwise.
  if (row.status !== 'done')
    for (const { file } of row.shownBy)
      if (!existsSync(join(root, file))) problems.push(`${row.id} names ${file}, which does not exist`);
  return problems;
}

interface Unshown {
  readonly row: RequirementRow;
  readonly why: string;
  readonly needsRun: boolean;
}

function unshownBy(row: RequirementRow, evidence: Evidence): Unshown[] {
  if (row.shownBy.length === 0) return [{ row, why: 'nothing shows it', needsRun: false }];
  return row.shownBy.flatMap((reference) => {
    const why = evidence.problemWith(reference);
    return why === undefined ? [] : [{ row, why, needsRun: reference.kind === 'test' }];
  });
}

function hintsFor(unshown: readonly Unshown[], evidence: Evidence): string[] {
  if (!unshown.some(({ needsRun }) => needsRun)) return [];
  if (!evidence.hasLastRun) return [`${lastRun} is missing: run \`npm test\` first.`];
  return [
    `${lastRun} holds the last run only: after \`npm test -- --project <name>\`, a file name or -t it knows nothing of the rest. Run the whole \`npm test\` and ask again.`,
  ];
}

function tally(area: Area, rows: readonly RequirementRow[]): Tally {
  const ids = new Set(idsOf(area));
  const count = (status: (typeof statuses)[number]) =>
    rows.filter((row) => ids.has(row.id) && row.status === status).length;
  return { area: area.name, done: count('done'), partial: count('partial'), open: count('open') };
}
