import { parseArgs } from 'node:util';
import { startRedis } from '@parley/services';
import { runCell } from '../run-cell.ts';
import type { Outcome } from '../scenario.ts';
import { versionOf } from '../version-of.ts';
import { contests } from './contests.ts';
import { renderContests } from './table.ts';
import type { ContestRow } from './table.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: [] } },
});

const file = new URL('cell-process.ts', import.meta.url);
const wanted = contests.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
const redis = await startRedis();
const rows: ContestRow[] = [];
try {
  const servers = { redis: redis.url, postgres: '', cluster: [] };
  for (const { id, promise, contestants, limitMs = 30_000 } of wanted) {
    const outcomes: Record<string, Outcome> = {};
    for (const library of Object.keys(contestants)) {
      const prefix = `${id.toLowerCase()}:${library}:${Date.now().toString(36)}:`;
      const { verdict, happened } = await runCell(
        { scenario: id, library, servers, prefix },
        { limitMs, file },
      );
      console.error(`${id} ${library}: ${verdict}. ${happened}`);
      outcomes[library === 'parley' ? library : `${library} ${versionOf(library)}`] = { verdict, happened };
    }
    rows.push({ id, promise, outcomes });
  }
} finally {
  await redis.stop();
}
console.log(renderContests(rows));
