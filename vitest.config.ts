import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Every folder with a `test/` beside its sources is a project named after the folder: `npm test -- --project cache-core`. */
const floors = ['packages', 'apps', 'tools'];
const projects = floors.flatMap((floor) =>
  existsSync(floor)
    ? readdirSync(floor)
        .map((name) => ({ name, root: `${floor}/${name}` }))
        .filter(({ root }) => existsSync(`${root}/test`))
    : [],
);

export default defineConfig({
  test: {
    globalSetup: ['tools/services/src/vitest-global-setup.ts'],
    // One more than there are processors: most tests wait for servers, or for time to pass.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', ['json', { outputFile: '.results/vitest.json' }]],
    projects: [...projects, { name: 'fences', root: 'tools' }].map(({ name, root }) => ({
      extends: true,
      // Sources run without a build; `exports` lists this private condition first.
      resolve: { conditions: ['@parley/source', 'node', 'default'] },
      ssr: { resolve: { conditions: ['@parley/source', 'node', 'default'] } },
      test: { name, root, include: ['test/**/*.test.ts'], testTimeout: 15_000, hookTimeout: 60_000 },
    })),
  },
});
