import { silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import { sharedPostgres, sharedRedis, spawnSkewed, until } from '@parley/services';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { mails, notes, sums } from '../support/topics.ts';

// The first use may install the package of the skewed clock.
vi.setConfig({ testTimeout: 120_000 });

const told = z.object({ now: z.number(), repeated: z.boolean(), offset: z.number() });
const program = new URL('../programs/skewed-bus.ts', import.meta.url);

const environments = {
  Redis: async () => {
    const { url, prefix } = await sharedRedis();
    return { CACHE_ADAPTER: 'redis', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
  },
  Postgres: async () => ({ CACHE_ADAPTER: 'database', DATABASE_URL: (await sharedPostgres()).url }),
};

it.each([
  ['Redis', 300_000],
  ['Redis', -300_000],
  ['Postgres', 300_000],
  ['Postgres', -300_000],
] as const)(
  'on %s, a process whose clock is %i ms off takes part as all others do',
  async (name, offsetMs) => {
    const env = await environments[name]();
    const isolation = `skew${Math.abs(offsetMs + 1)}${Date.now() % 1e9}`;
    await using parley = await openParley(env, { logger: silentLogger, isolation });
    const { bus } = parley;
    const got: string[] = [];
    const listening = bus.subscribe(notes, ({ data }) => void got.push(data));
    await listening.ready({ within: '30s' });
    const own = await bus.publish(notes, 'own', { idempotencyKey: 'k' });

    await using child = await spawnSkewed({
      offsetMs,
      script: program,
      args: [JSON.stringify(env), isolation],
    });
    const output = await until(async () => /^\{.*\}$/m.exec(await child.output())?.[0], {
      what: 'it has said what it did',
      deadline: 60_000,
    });
    const { now, repeated, offset } = told.parse(JSON.parse(output));
    // It is wrong indeed, and nobody has gone by it.
    expect(Math.abs(now - Date.now() - offsetMs)).toBeLessThan(60_000);
    expect([repeated, offset, got]).toEqual([true, own.position?.offset, ['own']]);
    expect(await bus.request(sums, 1, { within: '30s' })).toBe(2);
    const done: { readonly data: string; readonly addedAt: number }[] = [];
    bus.work(mails, (job) => void done.push(job), { pollEvery: '0.2s' });
    await until(() => done.length > 0, { what: 'the job that is due later is done', deadline: 60_000 });
    expect(Math.abs((done[0]?.addedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  },
);
