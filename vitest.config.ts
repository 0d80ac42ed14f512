import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Every folder with a `test/` beside its sources is a project named after the folder: `npm test -- --project cache-core`. */
const floors = ['packages', 'apps', 'tools'];
const projects = floors.flatMap((floor) =>
  existsSync(floor)
    ? readdirSync(floor)
        .map((name) => ({ name, root: `${floor}/${name}` }))
        .filter(({ root }) => existsSync(`${root}/test`))
    : [],
);

/**
 * What the oldest Node is not asked again, because no version of Node has a say in it: our own tools and what is built by them, pages that
 * are written from the code, browsers, long random histories and packets, disks and servers that are lost, which try the servers and what
 * we ask of them. Each package's own tests, its conformance suites, clients and examples are run on both.
 */
const sameOnEveryNode: Readonly<Record<string, readonly string[]>> = {
  'adapter-postgres': [
    'bus/held-locks',
    'cache/model',
    'disk-full',
    'failover',
    'history',
    'presence/concurrency',
    'presence/model',
    'ratelimit/oracle',
    'session/model',
  ],
  'adapter-redis': [
    'bus/history',
    'bus/partition',
    'lock/history',
    'presence/losing',
    'presence/partitions',
    'ratelimit/history',
    'session/model',
  ],
  bench: ['**/*'],
  'cache-core': ['size'],
  'chat-hub': ['deployments/*', 'documents/*', 'faults/*', 'socket/wholeness', 'upgrade/*', 'web/**/*'],
  cli: ['documents/*', 'examples/transcripts'],
  fences: ['!(node)'],
  'hub-protocol': ['documents/*', 'received/agreement'],
  'load-test': ['**/*'],
  runtime: ['bus/partition', 'cache/partition', 'chaos/*', 'documents/*'],
  services: ['**/*'],
};

function leftOut(project: string): string[] {
  const files = process.env['PARLEY_NODE'] === '22' ? (sameOnEveryNode[project] ?? []) : [];
  return files.map((file) => `test/${file}.test.ts`);
}

/**
 * Projects whose files share a process: most of their tests begin by loading the whole hub and its embedded database, which takes longer than
 * what they try. Nothing in them is replaced by a mock, and what a test opens it closes.
 */
const sharing: ReadonlySet<string> = new Set(['chat-hub']);

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
      test: {
        name,
        root,
        include: ['test/**/*.test.ts'],
        globalSetup: existsSync(`${root}/test/global-setup.ts`)
          ? [`${import.meta.dirname}/${root}/test/global-setup.ts`]
          : [],
        exclude: [...configDefaults.exclude, ...leftOut(name)],
        isolate: !sharing.has(name),
        testTimeout: 30_000,
        hookTimeout: 120_000,
        // What comes later than expected on a machine that does much else has come: the default is a second.
        expect: { poll: { timeout: 20_000 } },
      },
    })),
  },
});
