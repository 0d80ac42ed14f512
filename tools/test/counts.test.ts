import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { withFixture, type Files } from './fixture.ts';

function count(files: Files, ...reports: string[]) {
  return withFixture(files, (root) =>
    run('node', [join(repository, 'tools/counts.ts'), ...reports], { cwd: root }),
  );
}

const good = {
  numPassedTests: 12,
  numFailedTests: 0,
  testResults: [{ status: 'passed', assertionResults: [] }],
};

it('sums the runs in one plain line', async () => {
  const { code, output } = await count(
    { 'a.json': good, 'b.json': { ...good, numPassedTests: 30 } },
    'a.json',
    'b.json',
  );
  expect(output).toBe('42 passed, 0 failed\n');
  expect(code).toBe(0);
});

it('fails when a test failed, and says before the count which one and how', async () => {
  const test = { status: 'failed', fullName: 'a door opens', failureMessages: ['Error: it is locked'] };
  const testResults = [{ status: 'failed', name: 'door.test.ts', assertionResults: [test] }];
  const { code, output } = await count({ 'a.json': { ...good, numFailedTests: 1, testResults } }, 'a.json');
  expect(output).toBe('a.json: door.test.ts > a door opens\nError: it is locked\n\n12 passed, 1 failed\n');
  expect(code).toBe(1);
});

it('counts a file that could not be loaded, although it has no test', async () => {
  const testResults = [
    { status: 'failed', name: 'a.test.ts', message: 'no such module', assertionResults: [] },
  ];
  const { code, output } = await count({ 'a.json': { ...good, testResults } }, 'a.json');
  expect(output).toBe('a.json: a.test.ts\nno such module\n\n12 passed, 1 failed\n');
  expect(code).toBe(1);
});

it('counts a run that left no report', async () => {
  const { code, output } = await count({ 'a.json': good }, 'a.json', 'b.json');
  expect(output).toBe('b.json: the run left no report\n\n12 passed, 1 failed\n');
  expect(code).toBe(1);
});
