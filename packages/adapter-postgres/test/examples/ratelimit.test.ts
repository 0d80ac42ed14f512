import { readFileSync } from 'node:fs';
import { sharedPostgres } from '@parley/services';
import { expect, it } from 'vitest';
// #region ratelimit
import { connectPostgres, migrate } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { createLimiter } from '@parley/ratelimit';

export async function attempts(url: string, schema: string, address: string): Promise<boolean[]> {
  await using db = connectPostgres({ url, schema });
  await migrate(db); // or the first checks are decided by `whenAway`, while the tables are made
  await using store = postgresLimitStore(db);
  await using limiter = createLimiter({
    store,
    rules: { login: { limit: 2, per: '1h' } },
    within: '5s',
  });
  const verdicts = await Promise.all([1, 2, 3].map(() => limiter.check('login', { identity: address })));
  return verdicts.map(({ ok }) => ok);
}
// #endregion ratelimit

it('runs', async () => {
  await using shared = await sharedPostgres();
  expect(await attempts(shared.url, shared.schema, '192.0.2.7')).toEqual([true, true, false]);
}, 60_000);

it('is what the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, tested] =
    /\/\/ #region ratelimit\n([^]*?)\/\/ #endregion ratelimit/.exec(read('ratelimit.test.ts')) ?? [];
  expect(tested).toBeDefined();
  expect(read('../../README.md')).toContain(`\`\`\`ts\n${tested}\`\`\``);
});
