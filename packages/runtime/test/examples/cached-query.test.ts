import { sharedPostgres, sharedRedis } from '@parley/services';
import { expect, it } from 'vitest';
import { runProgram } from '../support/run-program.ts';

it.each<[string, () => Promise<Record<string, string>>]>([
  ['nothing set', async () => ({})],
  ['memory', async () => ({ CACHE_ADAPTER: 'memory' })],
  ['a Postgres', async () => ({ DATABASE_URL: (await sharedPostgres()).url })],
  [
    'a Redis',
    async () => {
      const { url, prefix } = await sharedRedis();
      return { NODE_ENV: 'production', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
    },
  ],
])('the program of the guide says what the guide says: %s', { timeout: 60_000 }, async (_, surroundings) => {
  const program = new URL('cached-query.ts', import.meta.url);
  const { code, stdout, stderr } = await runProgram(program, await surroundings());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    "{ id: '1', name: 'Ann' }",
    "{ id: '1', name: 'Ann' }",
    '1 query',
    "{ id: '1', name: 'Anna' }",
    '2 queries',
    '{ EUR: 1.08 }',
    '{ present: 1, loaded: 1, failed: 0 }',
    expect.stringMatching(/^{ localHits: \d+, storeHits: \d+, misses: \d+, loads: 4 } (up|degraded)$/),
    '',
  ]);
});
