import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { withFixture, type Files } from './fixture.ts';

const ours = [
  '.ci/run',
  'tools/counts.ts',
  'tools/lib/counts.ts',
  'tools/lib/json.ts',
  'tools/lib/workspaces.ts',
];

const fakeTests = (passed: number, failed: number) =>
  `node -e "require('fs').mkdirSync('.results', { recursive: true }); require('fs').writeFileSync('.results/vitest.json', JSON.stringify({ numPassedTests: ${passed}, numFailedTests: ${failed}, testResults: [] })); process.exit(${failed})"`;

/** Runs `.ci/run` where the commands that it calls only pretend. */
async function ci(scripts: Readonly<Record<string, string>>) {
  const copies = await Promise.all(
    ours.map(async (path) => [path, await readFile(join(repository, path), 'utf8')] as const),
  );
  const files: Files = {
    ...Object.fromEntries(copies),
    'package.json': {
      name: 'fixture',
      version: '0.0.0',
      type: 'module',
      scripts: {
        test: fakeTests(20, 0),
        'test:node22': fakeTests(21, 0),
        check: 'node -e 0',
        requirements: 'node -e 0',
        ...scripts,
      },
    },
    'package-lock.json': { name: 'fixture', version: '0.0.0', lockfileVersion: 3, packages: { '': {} } },
  };
  const { code, output } = await withFixture(files, (root) => run('bash', ['.ci/run'], { cwd: root }));
  return { code, output, lastLine: output.trimEnd().split('\n').at(-1) };
}

describe('.ci/run', () => {
  it('runs the tests on both Nodes and closes with their counts', async () => {
    expect(await ci({})).toMatchObject({ code: 0, lastLine: '41 passed, 0 failed' });
  });

  it('goes on after tests that fail, and closes with their counts', async () => {
    const { code, output, lastLine } = await ci({ test: fakeTests(18, 2) });
    expect(code).toBe(1);
    expect(lastLine).toBe('39 passed, 2 failed');
    expect(output).toContain('failed: npm ci && npm test\n');
  });

  it('fails when a fence fails, although every test passed', async () => {
    const { code, output, lastLine } = await ci({ check: 'exit 1' });
    expect(code).toBe(1);
    expect(lastLine).toBe('41 passed, 0 failed');
    expect(output).toContain('failed: npm run check\n');
  });

  it('does not take the report of an earlier run for that of one that crashed', async () => {
    const { code, lastLine } = await ci({ 'test:node22': 'exit 1' });
    expect(code).toBe(1);
    expect(lastLine).toBe('20 passed, 1 failed');
  });

  it('has no standard input, and says that it is CI', async () => {
    const { output } = await ci({
      check: `node -e "process.stdin.on('end', () => console.log('CI is', process.env.CI)).resume()"`,
    });
    expect(output).toContain('CI is true');
  });
});
