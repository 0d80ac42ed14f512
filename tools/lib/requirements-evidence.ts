import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isRecord, stringsIn } from './json.ts';
import type { Reference } from './requirements-table.ts';

/** Where `npm test` leaves what ran. */
export const lastRun = '.results/vitest.json';

interface RanTest {
  readonly path: readonly string[];
  readonly status: string;
}

/** What the last test run and the recorded results can show. */
export interface Evidence {
  /** Why `reference` shows nothing, or undefined when it does. */
  problemWith(reference: Reference): string | undefined;
  /** False when there is no last run to look at, so that the cause is told once and not for every row. */
  readonly hasLastRun: boolean;
}

export function readEvidence(root: string): Evidence {
  const run = readLastRun(root);
  return {
    hasLastRun: run !== undefined,
    problemWith(reference) {
      if (!existsSync(join(root, reference.file))) return `${reference.file} does not exist`;
      if (reference.kind === 'result') return resultProblem(root, reference.file, reference.scenario);
      return run ? testProblem(run, reference.file, reference.name) : `${lastRun} is missing`;
    },
  };
}

function testProblem(run: ReadonlyMap<string, readonly RanTest[]>, file: string, name: string | undefined) {
  const tests = run.get(file);
  if (!tests || tests.length === 0) return `${file} did not run`;
  const named = name === undefined ? tests : tests.filter((test) => isNamed(test, name));
  if (named.length === 0) return `${file} has no test named "${name}"`;
  const bad = named.find((test) => test.status !== 'passed');
  return bad && `"${bad.path.join(' > ')}" in ${file} is ${bad.status}, not passed`;
}

/** A name is the test's own title, its whole path, or a group's path, which then stands for every test in the group. */
function isNamed({ path }: RanTest, name: string): boolean {
  const whole = path.join(' > ');
  return whole === name || path.at(-1) === name || whole.startsWith(`${name} > `);
}

function resultProblem(root: string, file: string, scenario: string): string | undefined {
  const recorded = parseJson(readFileSync(join(root, file), 'utf8'));
  if (!isRecord(recorded)) return `${file} is not a JSON object`;
  if (Array.isArray(recorded['verdicts'])) return verdictProblem(recorded, file, scenario);
  const found = Object.hasOwn(recorded, scenario) ? recorded[scenario] : undefined;
  if (!isRecord(found)) return `${file} records no "${scenario}"`;
  if (found['ours'] === null) return `"${scenario}" in ${file} is a failed measurement`;
  const meta = recorded['$meta'];
  if (isRecord(meta) && meta['quick'] === true)
    return `${file} was recorded with --quick, whose figures show nothing`;
  return undefined;
}

/** Of the load test there is a verdict for each figure that it has an objective for. */
function verdictProblem(recorded: unknown, file: string, metric: string): string | undefined {
  const verdict = list(recorded, 'verdicts')
    .filter(isRecord)
    .find((one) => one['metric'] === metric);
  if (verdict === undefined) return `${file} has no objective for "${metric}"`;
  return verdict['met'] === true ? undefined : `"${metric}" in ${file} was missed`;
}

function readLastRun(root: string): Map<string, RanTest[]> | undefined {
  const path = join(root, lastRun);
  if (!existsSync(path)) return undefined;
  const report = parseJson(readFileSync(path, 'utf8'));
  const byFile = new Map<string, RanTest[]>();
  for (const file of list(report, 'testResults')) {
    if (!isRecord(file) || typeof file['name'] !== 'string') continue;
    const key = relative(root, file['name']).split(sep).join('/');
    byFile.set(key, [...(byFile.get(key) ?? []), ...list(file, 'assertionResults').flatMap(readTest)]);
  }
  return byFile;
}

function readTest(value: unknown): RanTest[] {
  if (!isRecord(value)) return [];
  const { title, status } = value;
  if (typeof title !== 'string' || typeof status !== 'string') return [];
  return [{ path: [...stringsIn(value['ancestorTitles']), title], status }];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}
