import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closureOf } from '../lib/consumer-closure.ts';
import { consume } from '../lib/consumer.ts';
import { contentProblems } from '../lib/pack-contents.ts';
import { pack } from '../lib/pack.ts';
import { withScratch } from '../lib/scratch.ts';
import { readWorkspaces } from '../lib/workspaces.ts';
import { withFixture } from './fixture.ts';
import { publishable, type Built } from './publishable.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const base: Built = {
  name: '@parley/base',
  js: 'export const one = 1;\n',
  types: 'export interface One { readonly value: 1 }\nexport declare const one: number;\n',
};

const user: Built = {
  name: '@parley/user',
  js: "export { one } from '@parley/base';\nexport const two = 2;\n",
  types: "export { one, type One } from '@parley/base';\nexport declare const two: number;\n",
  manifest: { dependencies: { '@parley/base': '^0.1.0' } },
};

/** Packs the given packages and uses the first of them as a stranger would. */
function consumeFirst(...packages: readonly [Built, ...Built[]]): Promise<void> {
  return withFixture(publishable(...packages), (root) =>
    withScratch('pack', async (folder) => {
      const workspaces = new Map(readWorkspaces(root).map((workspace) => [workspace.name, workspace]));
      const tarballs = await Promise.all([...workspaces.values()].map((each) => pack(root, each, folder)));
      const shelf = { workspaces, tarballs: new Map(tarballs.map((packed) => [packed.name, packed])) };
      await consume(packages[0].name, shelf);
    }),
  );
}

describe('consuming a package', () => {
  it('installs it with what it needs, imports it and compiles against it', async () => {
    await expect(consumeFirst(user, base)).resolves.toBeUndefined();
  });

  it('catches a module that fails to load', async () => {
    const js = "import { gone } from './gone.js';\nexport const one = gone;\n";
    await expect(consumeFirst({ ...base, js })).rejects.toThrow(
      /^importing fails under Node 2[24]:[^]*ERR_MODULE_NOT_FOUND/u,
    );
  });

  it('catches a module that needs a newer Node than we promise', async () => {
    const js =
      "if (process.versions.node.startsWith('22.')) throw new Error('too old');\nexport const one = 1;\n";
    await expect(consumeFirst({ ...base, js })).rejects.toThrow(
      /^importing fails under Node 22:[^]*too old/u,
    );
  });

  it('catches a dependency that is not declared', async () => {
    await expect(consumeFirst({ ...user, manifest: {} }, base)).rejects.toThrow(
      /^importing fails[^]*Cannot find package '@parley\/base'/u,
    );
  });

  it('catches a value that the types do not tell of', async () => {
    const js = 'export const one = 1;\nexport const two = 2;\n';
    await expect(consumeFirst({ ...base, js })).rejects.toThrow(
      /^the types fail under TypeScript .*[^]*'?two'?/u,
    );
  });

  it('catches a value that only the types tell of', async () => {
    const types = `${base.types}export declare const two: number;\n`;
    await expect(consumeFirst({ ...base, types })).rejects.toThrow(
      /^the types fail[^]*Property 'two' is missing/u,
    );
  });

  it('catches a type whose declaration is missing', async () => {
    const types = `${base.types}export type { Two } from './two.js';\n`;
    await expect(consumeFirst({ ...base, types })).rejects.toThrow(/^the types fail[^]*\.\/two\.js/u);
  });

  it('leaves no folder behind', async () => {
    await withScratch('test', async (folder) => {
      vi.stubEnv('TMPDIR', folder);
      await expect(consumeFirst({ ...base, js: 'throw new Error("on purpose");\n' })).rejects.toThrow(
        'on purpose',
      );
      // npm keeps its compile cache there, in a folder of a fixed name.
      expect(readdirSync(folder).filter((name) => name.startsWith('parley-'))).toEqual([]);
    });
  });
});

describe('the contents of a tarball', () => {
  const problemsOf = (files: readonly string[]) =>
    withFixture(publishable(base), async (root) => {
      const [workspace] = readWorkspaces(root);
      if (!workspace) throw new Error('the fixture has one workspace');
      return contentProblems(workspace, { name: '', version: '', tarball: '', integrity: '', files });
    });
  const good = ['package.json', 'src/index.ts', 'dist/index.js', 'dist/index.d.ts'];

  it.each([
    ['nothing when all is there', good, []],
    [
      'a door that leads nowhere',
      good.slice(0, 3),
      ['exports names dist/index.d.ts, which is not in the package'],
    ],
    ['the output of a removed source', [...good, 'dist/old.js'], ['dist/old.js has no source any more']],
    ['build information', [...good, 'dist/.tsbuildinfo'], ['dist/.tsbuildinfo is not for users']],
    ['tests', [...good, 'test/one.test.ts'], ['test/one.test.ts is not for users']],
  ])('shows %s', async (_, files, problems) => {
    expect(await problemsOf(files)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });
});

describe('what comes along', () => {
  it('is dependencies and required peers, and optional peers only on demand', async () => {
    const port: Built = {
      ...base,
      name: '@parley/port',
      manifest: { dependencies: { '@parley/base': '^0.1.0' } },
    };
    const adapter: Built = {
      ...base,
      name: '@parley/adapter',
      manifest: {
        dependencies: { 'left-pad': '1.0.0' },
        peerDependencies: { '@parley/base': '^0.1.0', '@parley/port': '^0.1.0' },
        peerDependenciesMeta: { '@parley/port': { optional: true } },
      },
    };
    await withFixture(publishable(base, port, adapter), async (root) => {
      const workspaces = new Map(readWorkspaces(root).map((workspace) => [workspace.name, workspace]));
      expect(closureOf('@parley/adapter', workspaces, false)).toEqual(['@parley/adapter', '@parley/base']);
      expect(closureOf('@parley/adapter', workspaces, true)).toEqual([
        '@parley/adapter',
        '@parley/base',
        '@parley/port',
      ]);
    });
  });
});
