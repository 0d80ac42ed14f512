import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { readWorkspaces, readJson } from '../lib/workspaces.ts';
import { isRecord } from '../lib/json.ts';
import { withFixture } from './fixture.ts';
import { publishable, type Built } from './publishable.ts';

const base: Built = {
  name: '@parley/base',
  js: 'export const one = 1;\n',
  types: 'export declare const one: number;\n',
};
const shape = 'publint --strict && attw --pack . --profile esm-only';

function shapeOf(built: Built) {
  return withFixture(publishable(built), (root) =>
    run('sh', ['-c', shape], { cwd: join(root, 'packages/base') }),
  );
}

function withExports(target: unknown): Built {
  return { ...base, manifest: { exports: { '.': target, './package.json': './package.json' } } };
}

describe('the shape of a package', () => {
  it('is the target "shape" of every package that is published', () => {
    const scripts = readWorkspaces(repository)
      .filter(({ publishable: published }) => published)
      .map(({ folder }) => readJson(join(repository, folder, 'package.json'))['scripts']);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.map((script) => isRecord(script) && script['shape'])).toEqual(scripts.map(() => shape));
  });

  it('passes when everything that exports names is there', async () => {
    const { code, output } = await shapeOf(base);
    expect(output).toContain('All good!');
    expect(code).toBe(0);
  });

  it('is broken when exports leads nowhere', async () => {
    const { code, output } = await shapeOf(
      withExports({ types: './dist/index.d.ts', default: './dist/gone.js' }),
    );
    expect(output).toContain('./dist/gone.js');
    expect(code).not.toBe(0);
  });

  it('is broken when the types come too late to be found', async () => {
    const { code, output } = await shapeOf(
      withExports({ default: './dist/index.js', types: './dist/index.d.ts' }),
    );
    expect(output).toMatch(/types.*first/u);
    expect(code).not.toBe(0);
  });

  it('is broken when the types cannot be resolved', async () => {
    const { code, output } = await shapeOf({ ...base, types: "export * from './gone';\n" });
    expect(output).toMatch(/Internal resolution error/u);
    expect(code).not.toBe(0);
  });
});
