import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGraph } from '../lib/house.ts';
import { layerViolations } from '../lib/layers.ts';
import { run, repository } from '../lib/run.ts';
import { withInstalled } from './fixture.ts';
import { house, manifest, violations } from './house.ts';

it('finds nothing in a house that keeps to its floors', async () => {
  expect(await violations({})).toEqual([]);
});

describe('arrows between floors', () => {
  it.each([
    ['packages/cache-core/src/store.ts', '@parley/bus', 'core'],
    ['packages/bus/src/more.ts', '@parley/presence', 'domain'],
    ['packages/bus/src/more.ts', '@parley/adapter-redis', 'domain'],
    ['packages/adapter-redis/src/more.ts', '@parley/adapter-postgres', 'adapter'],
    ['packages/adapter-redis/src/more.ts', '@parley/runtime', 'adapter'],
    ['packages/runtime/src/more.ts', '@parley/eliza', 'runtime'],
    ['packages/eliza/src/more.ts', '@parley/adapter-redis', 'edge'],
    ['packages/eliza/src/more.ts', '@parley/presence', 'edge'],
    ['packages/hub-client/src/more.ts', '@parley/runtime', 'edge'],
    ['packages/runtime/src/more.ts', '@parley/chat-hub', 'runtime'],
    ['tools/services/src/more.ts', '@parley/chat-hub', 'tool'],
    ['packages/bus/test/more.test.ts', '@parley/presence', 'domain'],
  ])('%s may not import %s', async (path, target, floor) => {
    const found = await violations({ [path]: `export * from '${target}';\n` });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(`${path}:1 [arrow]`);
    expect(found[0]).toMatch(`(${floor}) may not import ${target}`);
  });

  it.each([
    ['a type import', "import type { x } from '@parley/presence';"],
    ['an import type', "export type X = import('@parley/presence').X;"],
    ['a dynamic import', "export const x = () => import('@parley/presence');"],
    ['require', "export const x = require('@parley/presence');"],
    ['a re-export', "export { x } from '@parley/presence';"],
    ['import.meta.resolve', "export const x = import.meta.resolve('@parley/presence');"],
  ])('%s is an arrow too', async (_, text) => {
    expect(await violations({ 'packages/bus/src/more.ts': text })).toEqual([
      expect.stringMatching(/more\.ts:1 \[arrow\] @parley\/bus \(domain\) may not import @parley\/presence/u),
    ]);
  });

  it('does not take text that looks like an import for one', async () => {
    const text = "// import '@parley/presence'\nexport const x = `import '@parley/presence'`;\n";
    expect(await violations({ 'packages/bus/src/more.ts': text })).toEqual([]);
  });

  it.each(['dependencies', 'peerDependencies', 'devDependencies'])('counts %s', async (kind) => {
    const bus = manifest('@parley/bus', 'domain', { [kind]: { '@parley/presence': '^0.1.0' } });
    expect(await violations({ 'packages/bus/package.json': bus })).toEqual([
      expect.stringMatching(new RegExp(String.raw`bus/package\.json \[arrow\] .*\(${kind}\)`, 'u')),
    ]);
  });
});

describe('tools', () => {
  it('are refused in sources', async () => {
    expect(await violations({ 'packages/bus/src/more.ts': "import '@parley/services';" })).toEqual([
      expect.stringMatching(/\[arrow\] .*tools are for development, only tests may use them/u),
    ]);
  });

  it('are refused as a dependency that users would install', async () => {
    const bus = manifest('@parley/bus', 'domain', { dependencies: { '@parley/services': '^0.0.0' } });
    expect(await violations({ 'packages/bus/package.json': bus })).toEqual([
      expect.stringMatching(/bus\/package\.json \[arrow\] .*tools are for development/u),
    ]);
  });

  it('beside the workspaces keep to the same arrows', async () => {
    expect(await violations({ 'tools/script.ts': "import '@parley/chat-hub';" })).toEqual([
      expect.stringMatching(/^tools\/script\.ts:1 \[arrow\]/u),
    ]);
  });
});

describe('floor tags', () => {
  it.each([
    [[], 'needs exactly one "floor:..." tag under nx.tags, has 0'],
    [['floor:domain', 'floor:core'], 'needs exactly one "floor:..." tag under nx.tags, has 2'],
    [['floor:cellar'], '"floor:cellar" is no floor'],
    [['floor:tool'], 'a package of floor "tool" does not live here'],
  ])('%o on a package is refused', async (tags, problem) => {
    const found = await violations({
      'packages/presence/package.json': manifest('@parley/presence', 'domain', { nx: { tags } }),
    });
    expect(found).toContain(`packages/presence/package.json [floor-tag] ${problem}`);
  });
});

describe('the command', () => {
  const command = (root: string) => run('node', [join(repository, 'tools/layers.ts'), '--root', root]);

  it('reads tags and arrows from Nx and passes', async () => {
    const outcome = await withInstalled(house(), command);
    expect(outcome).toMatchObject({ code: 0, output: 'every import keeps to its floor\n' });
  });

  it('names each violation and fails', async () => {
    const outcome = await withInstalled(
      house({ 'packages/bus/src/more.ts': "\nimport '@parley/presence';\n" }),
      command,
    );
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain(
      'packages/bus/src/more.ts:2  [arrow] @parley/bus (domain) may not import',
    );
    expect(outcome.output).toContain('1 violations');
  });

  it('reports arrows that only Nx sees', async () => {
    const bus = manifest('@parley/bus', 'domain', {
      nx: { tags: ['floor:domain'], implicitDependencies: ['@parley/presence'] },
    });
    const found = await withInstalled(house({ 'packages/bus/package.json': bus }), async (root) =>
      layerViolations(root, await readGraph(root)),
    );
    expect(found).toEqual([expect.objectContaining({ where: 'packages/bus (nx graph)', rule: 'arrow' })]);
  });
});
