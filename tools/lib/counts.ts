import { existsSync } from 'node:fs';
import { isRecord } from './json.ts';
import { readJson } from './workspaces.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Sums what Vitest reported in these files. A file without a test that could not even be loaded counts as one failure. */
export function countTests(reports: readonly string[]): Counts {
  const each = reports.map(countReport);
  return {
    passed: each.reduce((sum, { passed }) => sum + passed, 0),
    failed: each.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function countReport(path: string): Counts {
  if (!existsSync(path)) return { passed: 0, failed: 1 };
  const report = readJson(path);
  const files = Array.isArray(report['testResults']) ? report['testResults'].filter(isRecord) : [];
  const broken = files.filter((file) => file['status'] === 'failed' && !hasFailedTest(file));
  return {
    passed: Number(report['numPassedTests']),
    failed: Number(report['numFailedTests']) + broken.length,
  };
}

function hasFailedTest(file: Readonly<Record<string, unknown>>): boolean {
  const tests = Array.isArray(file['assertionResults']) ? file['assertionResults'].filter(isRecord) : [];
  return tests.some((test) => test['status'] === 'failed');
}
