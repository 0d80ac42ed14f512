import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../lib/run.ts';
import { sourceFiles } from '../lib/sources.ts';

test('what a clone runs as it is says nothing that the oldest Node cannot read', () => {
  // Types are stripped, and nothing else is made older: Node 22 knows no declarations with `using`. Conformance suites are run by test runners.
  const files = ['packages', 'apps']
    .flatMap((floor) => sourceFiles(repository, floor))
    .filter(
      (path) => /^(?:packages|apps)\/[^/]+\/(?:src|bin)\//u.test(path) && !path.includes('/conformance/'),
    );
  expect(files.length).toBeGreaterThan(500);
  const newer = files.filter((path) =>
    /^\s*(?:await )?using \w+ =/mu.test(readFileSync(join(repository, path), 'utf8')),
  );
  expect(newer).toEqual([]);
});
