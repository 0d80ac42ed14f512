import { join } from 'node:path';
import { isRecord } from '../lib/json.ts';
import { layerViolations } from '../lib/layers.ts';
import { readJson, readWorkspaces } from '../lib/workspaces.ts';
import { withFixture, type Files } from './fixture.ts';

function entry(path: string) {
  return {
    '@parley/source': `./src/${path}.ts`,
    types: `./dist/${path}.d.ts`,
    default: `./dist/${path}.js`,
  };
}

export function manifest(name: string, floor: string, more: Files = {}): Files {
  return {
    name,
    version: '0.1.0',
    exports: { '.': entry('index') },
    nx: { tags: [`floor:${floor}`] },
    ...more,
  };
}

/** One package on every floor, none of which breaks a rule. Given files replace these or come beside them. */
export function house(files: Files = {}): Files {
  return {
    'package.json': {
      name: 'house',
      version: '0.0.0',
      private: true,
      workspaces: ['packages/*', 'apps/*', 'tools/*'],
    },
    'nx.json': { useInferencePlugins: false, neverConnectToCloud: true, analytics: false },
    'packages/cache-core/package.json': manifest('@parley/cache-core', 'core', {
      exports: { '.': entry('index'), './kernel': entry('kernel/index') },
    }),
    'packages/cache-core/src/index.ts': "export type { Clock } from './kernel/index.ts';\n",
    'packages/cache-core/src/kernel/index.ts': "export { clock, type Clock } from './clock.ts';\n",
    'packages/cache-core/src/kernel/clock.ts': 'export interface Clock {}\nexport const clock: Clock = {};\n',
    'packages/bus/package.json': manifest('@parley/bus', 'domain', {
      dependencies: { '@parley/cache-core': '^0.1.0' },
      devDependencies: { '@parley/services': '^0.0.0' },
    }),
    'packages/bus/src/index.ts':
      "import { clock } from '@parley/cache-core/kernel';\nexport const bus = clock;\n",
    'packages/bus/test/bus.test.ts': "import { start } from '@parley/services';\nstart();\n",
    'packages/presence/package.json': manifest('@parley/presence', 'domain'),
    'packages/presence/src/index.ts': 'export const presence = 1;\n',
    'packages/adapter-redis/package.json': manifest('@parley/adapter-redis', 'adapter', {
      dependencies: { ioredis: '6.0.0' },
      peerDependencies: { '@parley/bus': '^0.1.0', '@parley/cache-core': '^0.1.0' },
      peerDependenciesMeta: { '@parley/bus': { optional: true } },
    }),
    'packages/adapter-redis/src/index.ts': [
      "import type { bus } from '@parley/bus';",
      "import { clock } from '@parley/cache-core/kernel';",
      "import { Redis } from 'ioredis';",
      'export const store = [clock, Redis] satisfies [typeof bus, unknown];',
      '',
    ].join('\n'),
    'packages/adapter-postgres/package.json': manifest('@parley/adapter-postgres', 'adapter'),
    'packages/adapter-postgres/src/index.ts': "export { Pool } from 'pg';\n",
    'packages/runtime/package.json': manifest('@parley/runtime', 'runtime'),
    'packages/runtime/src/index.ts': "export { store } from '@parley/adapter-redis';\n",
    'packages/hub-protocol/package.json': manifest('@parley/hub-protocol', 'domain'),
    'packages/hub-protocol/src/index.ts': 'export const frame = 1;\n',
    'packages/hub-client/package.json': manifest('@parley/hub-client', 'edge'),
    'packages/hub-client/src/index.ts': "export { frame } from '@parley/hub-protocol';\n",
    'packages/eliza/package.json': manifest('@parley/eliza', 'edge'),
    'packages/eliza/src/index.ts': "export { frame } from '@parley/hub-client';\n",
    'apps/hub/package.json': manifest('@parley/chat-hub', 'app', { private: true }),
    'apps/hub/src/main.ts': "import '@parley/runtime';\nimport 'kysely';\nimport 'pino';\n",
    'tools/services/package.json': manifest('@parley/services', 'tool', {
      version: '0.0.0',
      private: true,
      exports: { '.': './src/index.ts' },
    }),
    'tools/services/src/index.ts':
      "import 'pg';\nimport '@parley/runtime';\nexport const start = () => undefined;\n",
    ...files,
  };
}

/** The graph of a fixture without the second that starting Nx takes: its nodes and tags, and no arrows. */
function quickGraph(root: string) {
  const nodes = readWorkspaces(root).map(({ name, folder }) => {
    const nx = readJson(join(root, folder, 'package.json'))['nx'];
    return [name, { data: { root: folder, tags: isRecord(nx) ? nx['tags'] : [] } }] as const;
  });
  return { nodes: Object.fromEntries(nodes), dependencies: {} };
}

/** What the layers say of the house with these files, one line each. */
export function violations(files: Files): Promise<string[]> {
  return withFixture(house(files), async (root) =>
    layerViolations(root, quickGraph(root)).map(
      ({ where, rule, message }) => `${where} [${rule}] ${message}`,
    ),
  );
}
