import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyWorkspace } from '../lib/release-copy.ts';
import { dryRelease } from '../lib/release.ts';
import { repository, run } from '../lib/run.ts';
import { withScratch } from '../lib/scratch.ts';
import { caretAllows, isNewer } from '../lib/versions.ts';
import { readJson } from '../lib/workspaces.ts';
import { withFixture, type Files } from './fixture.ts';
import { publishable, type Built } from './publishable.ts';

const base: Built = { name: '@parley/base', js: '', types: 'export {};\n' };
const user: Built = {
  ...base,
  name: '@parley/user',
  manifest: { dependencies: { '@parley/base': '^0.1.0' } },
};
const bench = {
  name: '@parley/bench',
  version: '0.0.0',
  private: true,
  dependencies: { '@parley/base': '^0.1.0' },
};

/** Base and user published from this repository's own release settings, and a private workspace beside them. */
async function releasable(changeset: string, files: Files = {}): Promise<Files> {
  const packages = publishable(base, user);
  return {
    ...packages,
    'package.json': {
      ...readJson(join(repository, 'package.json')),
      workspaces: ['packages/*', 'tools/*'],
      devDependencies: {},
      overrides: {},
    },
    'package-lock.json': {
      name: 'parley',
      version: '0.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {},
    },
    'tools/bench/package.json': bench,
    '.changeset/config.json': await readFile(join(repository, '.changeset/config.json'), 'utf8'),
    '.changeset/change.md': changeset,
    ...files,
  };
}

const minorOfBase = "---\n'@parley/base': minor\n---\n\nBase does more.\n";

async function released(changeset: string, files?: Files) {
  return withFixture(await releasable(changeset, files), async (root) => ({
    ...(await dryRelease(root)),
    manifests: {
      user: readJson(join(root, 'packages/user/package.json')),
      bench: readJson(join(root, 'tools/bench/package.json')),
    },
  }));
}

describe('a dry release', () => {
  it('versions independently, updates ranges also in private workspaces, and packs', async () => {
    const { steps, problems, manifests } = await released(minorOfBase);
    expect(problems).toEqual([]);
    expect(steps).toEqual(['@parley/base 0.1.0 -> 0.2.0', '@parley/user 0.1.0 -> 0.1.1']);
    expect(manifests.user).toMatchObject({ version: '0.1.1', dependencies: { '@parley/base': '^0.2.0' } });
    expect(manifests.bench).toMatchObject({ version: '0.0.0', dependencies: { '@parley/base': '^0.2.0' } });
  });

  it('catches an internal range that is not updated', async () => {
    const config: unknown = {
      ...readJson(join(repository, '.changeset/config.json')),
      bumpVersionsWithWorkspaceProtocolOnly: true,
    };
    const { problems } = await released(minorOfBase, { '.changeset/config.json': config });
    expect(problems).toContain(
      'packages/user/package.json: dependencies has @parley/base ^0.1.0, which leaves out 0.2.0',
    );
  });

  it('catches packages whose versions are tied together', async () => {
    const major = "---\n'@parley/base': major\n---\n\nBase is done.\n";
    const config: unknown = {
      ...readJson(join(repository, '.changeset/config.json')),
      fixed: [['@parley/*']],
    };
    const { problems } = await released(major, { '.changeset/config.json': config });
    expect(problems).toEqual(['@parley/user becomes 1.0.0, and no changeset asks for a major version']);
  });

  it('catches a missing changelog', async () => {
    const config: unknown = { ...readJson(join(repository, '.changeset/config.json')), changelog: false };
    const { problems } = await released(minorOfBase, { '.changeset/config.json': config });
    expect(problems).toContain('packages/base/CHANGELOG.md tells nothing of 0.2.0');
  });

  it('catches a changeset for a package that does not exist', async () => {
    const { problems } = await released("---\n'@parley/bsae': minor\n---\n\nA typing error.\n");
    expect(problems[0]).toMatch(/^npm run release:version failed:[^]*@parley\/bsae/u);
  });

  it('catches a lockfile that stays behind, which would break `npm ci`', async () => {
    const root = Object((await releasable(minorOfBase))['package.json']);
    const scripts = { 'release:version': 'changeset version' };
    const { problems } = await released(minorOfBase, { 'package.json': { ...root, scripts } });
    expect(problems).toContain('package-lock.json does not know packages/base at 0.2.0');
  });

  it('catches a package that was not built', async () => {
    const unbuilt = publishable({ ...base, manifest: { files: ['src'] } });
    const { problems } = await released(minorOfBase, {
      'packages/base/package.json': unbuilt['packages/base/package.json'],
    });
    expect(problems).toContainEqual(
      expect.stringContaining('@parley/base: exports names dist/index.d.ts, which is not in the package'),
    );
  });
});

it('releases from a copy of what git knows and what is built, and nothing else', async () => {
  await withFixture(
    await releasable(minorOfBase, { '.gitignore': 'dist\nnode_modules\n*.log\n', 'npm.log': 'x' }),
    (root) =>
      withScratch('release', async (copy) => {
        await run('git', ['init', '--quiet'], { cwd: root });
        await copyWorkspace(root, copy);
        expect(existsSync(join(copy, 'packages/base/dist/index.js'))).toBe(true);
        expect(existsSync(join(copy, '.changeset/change.md'))).toBe(true);
        expect(existsSync(join(copy, 'npm.log'))).toBe(false);
        expect(existsSync(join(copy, '.git'))).toBe(false);
      }),
  );
});

describe('ranges between our packages', () => {
  it.each([
    ['^0.1.0', '0.1.7', true],
    ['^0.1.0', '0.2.0', false],
    ['^0.1.3', '0.1.2', false],
    ['^0.0.0', '0.0.0', true],
    ['^0.0.0', '0.0.1', false],
    ['^0.0.3', '0.0.4', false],
    ['^1.2.3', '1.9.0', true],
    ['^1.2.3', '2.0.0', false],
    ['^10.0.0', '9.0.0', false],
    ['1.2.3', '1.2.3', false],
    ['*', '1.2.3', false],
    ['^1.2.3', '1.2.4-beta.1', false],
  ])('%s and %s', (range, version, allowed) => {
    expect(caretAllows(range, version)).toBe(allowed);
  });

  it('compares versions by number', () => {
    expect(isNewer('0.10.0', '0.9.0')).toBe(true);
    expect(isNewer('0.9.0', '0.9.0')).toBe(false);
    expect(isNewer('1.0.0', '0.9.9')).toBe(true);
  });
});
