import { describe, expect, it } from 'vitest';
import { limitProblems, weigh } from '../lib/sizes.ts';
import { withInstalled, type Files } from './fixture.ts';
import { publishable, type Built } from './publishable.ts';

const base: Built = {
  name: '@parley/base',
  js: `export const words = ${JSON.stringify(Array.from({ length: 400 }, (_, n) => (n * 7919).toString(36)))};\n`,
  types: 'export declare const words: string[];\n',
};
const limit = {
  name: '@parley/base',
  path: 'packages/base/dist/index.js',
  import: '*',
  gzip: true,
  limit: '2 kB',
};

function fixture(limits: unknown, files: Files = {}): Files {
  const plugins = { '@size-limit/esbuild': '*', '@size-limit/file': '*' };
  const packages = publishable(base);
  return {
    ...packages,
    'package.json': {
      name: 'fixture',
      version: '0.0.0',
      workspaces: ['packages/*'],
      devDependencies: plugins,
    },
    '.size-limit.json': limits,
    ...files,
  };
}

describe('weighing', () => {
  const weighed = (limits: unknown) => withInstalled(fixture(limits), weigh);

  it('passes below the limit', async () => {
    const { code, output } = await weighed([limit]);
    expect(output).toMatch(/Size: +1\.\d+ kB/u);
    expect(code).toBe(0);
  });

  it('fails above the limit', async () => {
    const { code, output } = await weighed([{ ...limit, limit: '1 kB' }]);
    expect(output).toContain('Package size limit has exceeded');
    expect(code).toBe(1);
  });

  it('fails when there is nothing to weigh', async () => {
    const { code } = await weighed([{ ...limit, path: 'packages/base/dist/gone.js' }]);
    expect(code).toBe(1);
  });
});

describe('limits', () => {
  const problemsOf = (limits: unknown) => withInstalled(fixture(limits), async (root) => limitProblems(root));

  it('are there for every entry and for nothing else', async () => {
    expect(await problemsOf([limit])).toEqual([]);
  });

  it('are missed for an entry that has none', async () => {
    expect(await problemsOf([])).toEqual([
      '"@parley/base" (packages/base/dist/index.js) has no limit in .size-limit.json',
    ]);
  });

  it('must weigh what the entry loads', async () => {
    expect(await problemsOf([{ ...limit, path: 'packages/base/dist/other.js' }])).toEqual([
      '.size-limit.json weighs "@parley/base" at packages/base/dist/other.js, which no package exports',
    ]);
  });

  it('must take in all exports, because a bundle of nothing weighs nothing', async () => {
    const { import: _, ...unused } = limit;
    expect(await problemsOf([unused])).toEqual([
      '.size-limit.json weighs "@parley/base" without "import": "*", so that everything is shaken off',
    ]);
  });
});
