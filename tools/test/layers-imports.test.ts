import { describe, expect, it } from 'vitest';
import { manifest, violations } from './house.ts';

describe('drivers', () => {
  it.each([
    ['packages/bus/src/more.ts', 'ioredis'],
    ['packages/runtime/src/more.ts', 'ioredis'],
    ['packages/adapter-redis/src/more.ts', 'pg'],
    ['packages/adapter-redis/src/more.ts', 'pg/lib/utils.js'],
    ['packages/runtime/src/more.ts', '@electric-sql/pglite/live'],
    ['apps/hub/src/more.ts', 'ioredis'],
    ['packages/adapter-redis/src/more.ts', 'kysely'],
    ['packages/runtime/src/more.ts', 'kysely/migration'],
    ['packages/adapter-postgres/src/more.ts', 'pino'],
    ['packages/presence/test/more.test.ts', 'ioredis'],
  ])('%s may not import %s', async (path, driver) => {
    expect(await violations({ [path]: `import '${driver}';` })).toEqual([
      expect.stringMatching(new RegExp(`${path}:1 \\[home\\] .* belongs to `, 'u')),
    ]);
  });

  it.each([
    ['packages/adapter-postgres/src/more.ts', '@electric-sql/pglite'],
    ['packages/adapter-postgres/src/more.ts', 'kysely/migration'],
    ['packages/runtime/src/more.ts', 'pino'],
    ['tools/services/src/more.ts', 'ioredis'],
  ])('%s may import %s', async (path, driver) => {
    expect(await violations({ [path]: `import '${driver}';` })).toEqual([]);
  });

  it('are refused as dependencies elsewhere', async () => {
    const bus = manifest('@parley/bus', 'domain', { dependencies: { ioredis: '6.0.0' } });
    expect(await violations({ 'packages/bus/package.json': bus })).toEqual([
      'packages/bus/package.json [home] "ioredis" belongs to @parley/adapter-redis, floor tool only',
    ]);
  });
});

describe('adapters', () => {
  it.each([
    "import { bus } from '@parley/bus';",
    "import { type Bus } from '@parley/bus';",
    "export * from '@parley/bus';",
    "import { memoryStore } from '@parley/cache-core';",
  ])('take domain and core by `import type` only: %s', async (text) => {
    expect(await violations({ 'packages/adapter-redis/src/more.ts': text })).toEqual([
      expect.stringMatching(/more\.ts:1 \[type-only\] an adapter takes .* by `import type` only/u),
    ]);
  });

  it('may run what they take in their tests', async () => {
    const text = "import { laws } from '@parley/bus';";
    expect(await violations({ 'packages/adapter-redis/test/more.test.ts': text })).toEqual([]);
  });

  it.each([
    ['dependencies', { '@parley/bus': '^0.1.0' }, 'an optional peer'],
    ['peerDependencies', { '@parley/bus': '^0.1.0' }, 'an optional peer'],
    ['dependencies', { '@parley/cache-core': '^0.1.0' }, 'a required peer'],
  ])('may not have %s on %o', async (kind, ranges, wanted) => {
    const adapter = manifest('@parley/adapter-redis', 'adapter', { [kind]: ranges });
    expect(await violations({ 'packages/adapter-redis/package.json': adapter })).toEqual([
      expect.stringContaining(`[adapter-peers] ${Object.keys(ranges)[0]} must be ${wanted} of an adapter`),
    ]);
  });
});

describe('the kernel', () => {
  it.each(['packages/bus/src/more.ts', 'packages/hub-client/src/more.ts'])(
    'is all that %s takes of the core',
    async (path) => {
      expect(await violations({ [path]: "import type { Clock } from '@parley/cache-core';" })).toEqual([
        expect.stringMatching(/\[kernel-only\]/u),
      ]);
    },
  );

  it.each(['node:crypto', 'fs', 'lru-cache', '../index.ts', '@parley/cache-core'])(
    'may not import %s',
    async (specifier) => {
      const text = `import '${specifier}';`;
      expect(await violations({ 'packages/cache-core/src/kernel/more.ts': text })).toEqual([
        expect.stringMatching(/kernel\/more\.ts:1 \[kernel\] the kernel runs in browsers too/u),
      ]);
    },
  );
});

describe('doors of packages', () => {
  it.each(['@parley/bus/src/index.ts', '@parley/bus/dist/index.js', '@parley/bus/queue'])(
    'are only those in exports, not %s',
    async (specifier) => {
      expect(await violations({ 'apps/hub/src/more.ts': `import '${specifier}';` })).toEqual([
        expect.stringMatching(/\[deep-import\] @parley\/bus does not export/u),
      ]);
    },
  );

  it('are not gone round by relative paths', async () => {
    const text = "import '../../bus/src/index.ts';";
    expect(await violations({ 'packages/runtime/src/more.ts': text })).toEqual([
      expect.stringMatching(/\[escape\] .* reaches into packages\/bus; import @parley\/bus$/u),
    ]);
    expect(await violations({ 'tools/script.ts': "import '../packages/bus/src/index.ts';" })).toEqual([
      expect.stringMatching(/^tools\/script\.ts:1 \[escape\]/u),
    ]);
  });

  it('are not gone round by way of the repository', async () => {
    const text = "import '../../../tools/script.ts';";
    expect(await violations({ 'packages/runtime/src/more.ts': text })).toEqual([
      expect.stringMatching(/\[escape\] .* leaves packages\/runtime$/u),
    ]);
  });

  it.each([
    [
      { './*': { '@parley/source': './src/*.ts', types: './dist/*.d.ts', default: './dist/*.js' } },
      'wildcard',
    ],
    [
      { '.': { types: './dist/index.d.ts', '@parley/source': './src/index.ts', default: './dist/index.js' } },
      'order',
    ],
    [{ '.': './dist/index.js' }, 'conditions'],
  ])('are written in full: %o', async (exports, problem) => {
    const eliza = manifest('@parley/eliza', 'edge', { exports });
    expect(await violations({ 'packages/eliza/package.json': eliza })).toEqual([
      expect.stringMatching(new RegExp(`eliza/package\\.json \\[exports\\] .*${problem}`, 'u')),
    ]);
  });
});
