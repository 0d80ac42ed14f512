import { describe, expect, it } from 'vitest';
import { bench, inTime } from './fixture.ts';

const settle = (clock: { settle(): Promise<void> }) => clock.settle();

describe('stale values', () => {
  it('are served at once while one load runs behind them, when asked to', async () => {
    const { clock, join } = bench();
    const cache = join();
    const rules = { ttl: 1, grace: 60, staleWhileRevalidate: true } as const;
    await cache.get('k', () => 'old', rules);
    await clock.advance(1_200);
    let loads = 0;
    const load = async (): Promise<string> => {
      loads += 1;
      await clock.sleep(500);
      return 'new';
    };
    const answers = await inTime(clock, Promise.all([1, 2, 3].map(() => cache.get('k', load, rules))));
    expect(answers).toEqual({ value: ['old', 'old', 'old'], tookMs: 0 });
    await clock.advance(600);
    expect(await cache.get('k')).toBe('new');
    expect(loads).toBe(1);
  });

  it('are served when the loader takes longer than the soft limit, and the load goes on', async () => {
    const { clock, join } = bench();
    const cache = join();
    const rules = { ttl: 1, grace: 60, softLimit: '100ms' } as const;
    await cache.get('k', () => 'old', rules);
    await clock.advance(1_200);
    const slow = async (): Promise<string> => {
      await clock.sleep(400);
      return 'new';
    };
    const { value, tookMs } = await inTime(clock, cache.get('k', slow, rules));
    expect(value).toBe('old');
    expect(tookMs).toBeLessThanOrEqual(101);
    await clock.advance(500);
    expect(await cache.get('k')).toBe('new');
  });

  it('are never served once they were invalidated', async () => {
    const { clock, join } = bench();
    const cache = join();
    const rules = { ttl: 1, grace: 60, staleWhileRevalidate: true, tags: ['t'] } as const;
    await cache.get('k', () => 'old', rules);
    await clock.advance(1_200);
    await cache.invalidateByTag('t');
    expect(
      (
        await inTime(
          clock,
          cache.get('k', () => 'new', rules),
        )
      ).value,
    ).toBe('new');
  });

  it('are served by a process while another one loads', async () => {
    const { clock, join } = bench();
    const [one, two] = [join(), join()];
    const rules = { ttl: 1, grace: 60 } as const;
    await one.get('k', () => 'old', rules);
    await clock.advance(1_200);
    const slow = async (): Promise<string> => {
      await clock.sleep(400);
      return 'new';
    };
    const loading = one.get('k', slow, rules);
    await settle(clock);
    await clock.advance(1);
    expect(
      await inTime(
        clock,
        two.get('k', () => 'never', rules),
      ),
    ).toEqual({ value: 'old', tookMs: 0 });
    expect((await inTime(clock, loading)).value).toBe('new');
  });
});

describe('refreshing ahead', () => {
  it('loads behind a hit in the last part of the ttl, once', async () => {
    const { clock, join } = bench();
    const cache = join();
    const rules = { ttl: 10, refreshAhead: 0.2 } as const;
    let loads = 0;
    const load = (): string => `v${(loads += 1)}`;
    await cache.get('k', load, rules);
    await clock.advance(7_900);
    expect(await cache.get('k', load, rules)).toBe('v1');
    await settle(clock);
    expect(loads).toBe(1);
    await clock.advance(200);
    expect(await Promise.all([cache.get('k', load, rules), cache.get('k', load, rules)])).toEqual([
      'v1',
      'v1',
    ]);
    await settle(clock);
    await clock.advance(10);
    expect(await cache.get('k', load, rules)).toBe('v2');
    expect(loads).toBe(2);
  });
});

describe('sliding entries', () => {
  it('live on while they are used, for every process, and end when they are not', async () => {
    const { clock, join } = bench();
    const [one, two] = [join(), join()];
    await one.set('session', 'S', { ttl: 10, sliding: true });
    for (let i = 0; i < 5; i++) {
      await clock.advance(6_000);
      expect(await one.get('session')).toBe('S');
      await settle(clock);
    }
    expect(await two.get('session')).toBe('S');
    await clock.advance(10_100);
    expect(await one.get('session')).toBeUndefined();
    expect(await two.get('session')).toBeUndefined();
  });
});
