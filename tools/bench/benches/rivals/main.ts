import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startPostgres, startRedis, startRedisCluster } from '@parley/services';
import type { LibraryName } from '../cache/libraries/library.ts';
import { pageOf } from './page.ts';
import { runCell } from './run-cell.ts';
import type { CellResult } from './run-cell.ts';
import { scenarios } from './scenarios.ts';
import { passes, renderTable } from './table.ts';
import type { Row } from './table.ts';
import { versionOf } from './version-of.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    library: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
  },
});

const compared: readonly LibraryName[] = ['parley', 'bentocache', 'cacheable', 'cache-manager'];
const libraries = compared.filter((name) => values.library.length === 0 || values.library.includes(name));
const wanted = scenarios.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
const versions = Object.fromEntries(compared.slice(1).map((name) => [name, versionOf(name)]));

const [redis, postgres, cluster] = await Promise.all([startRedis(), startPostgres(), startRedisCluster()]);
const rows: Row[] = [];
try {
  const servers = { redis: redis.url, postgres: postgres.url, cluster: cluster.urls };
  for (const { id, promise, limitMs = 30_000 } of wanted) {
    const cells: Partial<Record<LibraryName, CellResult>> = {};
    for (const library of libraries) {
      const prefix = `${id.toLowerCase()}_${library.replace('-', '_')}_${Date.now().toString(36)}:`;
      const cell = await runCell({ scenario: id, library, servers, prefix }, { limitMs });
      console.error(`${id} ${library}: ${cell.verdict}. ${cell.happened}`);
      cells[library] = cell;
    }
    rows.push({ id, promise, cells });
  }
} finally {
  await Promise.all([redis.stop(), postgres.stop(), cluster.stop()]);
}

const table = renderTable(rows, libraries, versions);
console.log(table);
for (const library of libraries) console.log(`${library}: ${passes(rows, library)} pass`);
if (values.write) {
  const docs = new URL('../../../../docs/', import.meta.url);
  for (const folder of ['performance/', 'results/']) mkdirSync(new URL(folder, docs), { recursive: true });
  const page = pageOf(
    table,
    libraries.map((library) => `${library} keeps ${passes(rows, library)}`),
  );
  writeFileSync(new URL('performance/rivals.md', docs), page);
  const results = { $meta: { date: new Date().toISOString(), node: process.version, versions }, rows };
  writeFileSync(new URL('results/rivals.json', docs), `${JSON.stringify(results, null, 2)}\n`);
}
