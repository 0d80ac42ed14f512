import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { withInstalled, type Files } from './fixture.ts';

const files: Files = {
  'package.json': {
    name: 'fixture',
    version: '0.0.0',
    private: true,
    workspaces: ['packages/*'],
    type: 'module',
  },
  'packages/bus/package.json': {
    name: '@parley/bus',
    version: '0.1.0',
    type: 'module',
    exports: {
      '.': { '@parley/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    },
    dependencies: {},
  },
  'packages/bus/src/index.ts': "export { topic } from './topic.ts';\n",
  'packages/bus/src/topic.ts': "export const topic = 'a';\n",
};

/** What knip says of these files under this repository's own settings. */
async function unused(more: Files) {
  const settings = await readFile(join(repository, 'knip.json'), 'utf8');
  return withInstalled({ ...files, 'knip.json': settings, ...more }, (root) =>
    run('knip', ['--no-progress', '--no-config-hints'], { cwd: root, timeout: 30_000 }),
  );
}

describe('unused code', () => {
  it('is not found where all is used', async () => {
    const { code, output } = await unused({});
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it.each<[what: string, found: RegExp, more: Files]>([
    [
      'an export',
      /Unused exports \(1\)\nlonely +packages\/bus\/src\/topic\.ts/u,
      { 'packages/bus/src/topic.ts': "export const topic = 'a';\nexport const lonely = 'b';\n" },
    ],
    [
      'an exported type',
      /Unused exported types \(1\)\nLonely +type +packages\/bus\/src\/topic\.ts/u,
      { 'packages/bus/src/topic.ts': "export const topic = 'a';\nexport type Lonely = 'b';\n" },
    ],
    [
      'a file',
      /Unused files \(1\)\npackages\/bus\/src\/lonely\.ts/u,
      { 'packages/bus/src/lonely.ts': 'export {};\n' },
    ],
    [
      'a dependency',
      /Unused dependencies \(1\)\npg +packages\/bus\/package\.json/u,
      {
        'packages/bus/package.json': {
          ...Object(files['packages/bus/package.json']),
          dependencies: { pg: '8.23.1' },
        },
      },
    ],
    [
      'a dependency that is used and not declared',
      /Unlisted dependencies \(1\)\npg +packages\/bus\/src\/topic\.ts/u,
      { 'packages/bus/src/topic.ts': "import pg from 'pg';\nexport const topic = pg;\n" },
    ],
  ])('is found: %s', async (_, found, more) => {
    const { code, output } = await unused(more);
    expect(output).toMatch(found);
    expect(code).toBe(1);
  });
});
