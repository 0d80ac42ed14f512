import { redisConfigFromUrl } from '@parley/adapter-redis';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import type { LeaseReply } from '@parley/cache-core';
import { sharedRedis, spawnSkewed } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';
import { lease, longMs, record } from '../support/records.ts';

// The first use may install the package of the skewed clock.
vi.setConfig({ testTimeout: 120_000 });

interface Told {
  readonly now: number;
  readonly freshForMs: number;
  readonly lease: LeaseReply;
  readonly epoch: number;
}

test.each([300_000, -300_000])(
  'a process whose clock is %i ms off agrees with all others',
  async (offsetMs) => {
    const { url, prefix } = await sharedRedis();
    const store = redisCacheStore(connect({ ...redisConfigFromUrl(url), prefix }));
    await store.write([record('straight', 's', { freshMs: 60_000, keepMs: 120_000 })]);
    const [before = 0] = await store.bump(['t:before'], { keepMs: longMs });

    const script = new URL('programs/skewed.ts', import.meta.url);
    await using child = await spawnSkewed({ offsetMs, script, args: [url, prefix] });
    const status = await child.wait();
    const output = await child.output();
    expect({ ...status, output }).toMatchObject({ code: 0, signal: null });
    const told: Told = JSON.parse(output);

    expect(Math.abs(told.now - Date.now() - offsetMs)).toBeLessThan(60_000);
    expect(told.freshForMs).toBeGreaterThan(0);
    expect(told.freshForMs).toBeLessThan(60_100);
    const [skewed] = await store.read(['skewed']);
    expect(skewed?.freshForMs).toBeGreaterThan(0);
    expect(skewed?.freshForMs).toBeLessThan(60_100);
    expect((await lease(store, 'leased', 'mine')).state).toBe('held');
    const [after = 0] = await store.bump(['t:after'], { keepMs: longMs });
    const stamp = told.lease.state === 'granted' ? told.lease.stamp : 0;
    expect([before, stamp, told.epoch, after].toSorted((a, b) => a - b)).toEqual([
      before,
      stamp,
      told.epoch,
      after,
    ]);
  },
);
