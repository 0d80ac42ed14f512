import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import { until } from '@parley/services';
import { afterAll, describe, expect, it } from 'vitest';
import { backends } from '../support/backends.ts';
import { keepingLogger } from '../support/log.ts';

const folder = await mkdtemp(join(tmpdir(), 'parley-runtime-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const isolation = `t${Date.now() % 1e9}`;
const places = { ...backends, 'embedded, in a folder': async () => ({ DATA_DIR: folder }) };

// Making a new database takes the embedded Postgres seconds of CPU time.
const patience = { timeout: 60_000 };

describe.each(Object.entries(places))('on %s', (_, envOf) => {
  it('keeps, invalidates, tells how it is, and closes', patience, async () => {
    const env = await envOf();
    const parley = await openParley(env, { logger: silentLogger, isolation });
    const { cache } = parley;
    let loads = 0;
    const load = (): number => (loads += 1);
    expect(await cache.get('user:1', load, { ttl: 'short', tags: ['users:1'] })).toBe(1);
    expect(await cache.get('user:1', load)).toBe(1);
    await cache.invalidateByTag('users');
    expect(await cache.get('user:1', load, { tags: ['users:1'] })).toBe(2);

    const healthy = async (): Promise<boolean> => (await parley.health()).status === 'up';
    await until(healthy, { what: 'everything is up' });
    const { adapter, because } = parley.selection.cache;
    expect((await parley.health()).details).toMatchObject({ adapter, because });
    await parley.close();
    await parley.close();
    expect((await parley.health()).status).toBe('down');
  });
});

it('what one process keeps in a folder is there for the next one', patience, async () => {
  const env = { DATA_DIR: folder };
  {
    await using first = await openParley(env, { logger: silentLogger });
    await first.cache.set('k', 'kept', { ttl: '1h' });
  }
  await using second = await openParley(env, { logger: silentLogger });
  expect(await second.cache.get('k')).toBe('kept');
});

it('what was decided, and what became of each variable, is in the log', patience, async () => {
  const { lines, logger } = keepingLogger();
  const env = { NODE_ENV: 'production', DATA_DIR: folder, REDIS_POOL_MAX: '10' };
  await using parley = await openParley(env, { logger });
  const told = (level: string): string[] =>
    lines.filter((line) => line.level === level).map(({ message }) => message);
  expect(told('info')).toContain(
    'Cache, presence, limits, locks and sessions are kept, and the bus carried, by: embedded',
  );
  expect(told('info').join()).toMatch(/REDIS_POOL_MAX has no effect/);
  expect(told('warn').join()).toMatch(/set DATABASE_URL or REDIS_URL/);
  expect((await parley.health()).details?.['warnings']).toMatch(/set DATABASE_URL or REDIS_URL/);
});
