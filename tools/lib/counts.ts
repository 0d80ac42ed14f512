import { existsSync } from 'node:fs';
import { isRecord } from './json.ts';
import { readJson } from './workspaces.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed and how it said so, for whoever sees only the end of a long log. */
  readonly failures: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Sums what Vitest reported in these files. A file without a test that could not even be loaded counts as one failure. */
export function countTests(reports: readonly string[]): Counts {
  const each = reports.map(countReport);
  return {
    passed: each.reduce((sum, { passed }) => sum + passed, 0),
    failed: each.reduce((sum, { failed }) => sum + failed, 0),
    failures: each.flatMap(({ failures }) => failures),
  };
}

function countReport(path: string): Counts {
  if (!existsSync(path)) return { passed: 0, failed: 1, failures: [`${path}: the run left no report`] };
  const report = readJson(path);
  const files = records(report['testResults']);
  const broken = files.filter((file) => file['status'] === 'failed' && failedTests(file).length === 0);
  return {
    passed: Number(report['numPassedTests']),
    failed: Number(report['numFailedTests']) + broken.length,
    failures: [
      ...broken.map((file) => `${path}: ${text(file['name'])}\n${text(file['message'])}`),
      ...files.flatMap((file) =>
        failedTests(file).map(
          (test) => `${path}: ${text(file['name'])} > ${text(test['fullName'])}\n${messages(test)}`,
        ),
      ),
    ],
  };
}

function failedTests(file: Json): readonly Json[] {
  return records(file['assertionResults']).filter((test) => test['status'] === 'failed');
}

function messages(test: Json): string {
  const each = test['failureMessages'];
  return Array.isArray(each) ? each.map(text).join('\n') : '';
}

function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
