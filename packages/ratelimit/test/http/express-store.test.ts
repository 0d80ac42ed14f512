import { createServer, type Server } from 'node:http';
import { StoreUnavailable, virtualClock } from '@parley/cache-core/kernel';
import { memoryLimitStore, type LimitStore } from '@parley/ratelimit';
import { expressRateLimitStore } from '@parley/ratelimit/express';
import express from 'express';
import { rateLimit, type Options } from 'express-rate-limit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closed, originOf } from './origin.ts';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(closed));
});

async function site(store: LimitStore, options: Partial<Options> = {}): Promise<string> {
  const app = express();
  // Else it prints errors.
  app.set('env', 'test');
  const counts = expressRateLimitStore(store, { name: 'web', within: '30s' });
  app.use(rateLimit({ windowMs: 60_000, limit: 2, standardHeaders: true, store: counts, ...options }));
  app.get('/', (_request, response) => void response.send('hello'));
  app.get('/wrong', (_request, response) => void response.status(500).send('wrong'));
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(server.listening).toBe(true));
  open.push(server);
  return originOf(server);
}

const statuses = async (origin: string, count: number): Promise<number[]> => {
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push((await fetch(origin)).status);
  return all;
};

describe('a store of express-rate-limit', () => {
  it('counts each request once, for all processes', async () => {
    const memory = memoryLimitStore();
    const take = vi.fn<LimitStore['take']>(memory.take);
    const store = { ...memory, take };
    const [one, another] = [await site(store), await site(store)];
    expect(await statuses(one, 1)).toEqual([200]);
    expect(await statuses(another, 2)).toEqual([200, 429]);
    expect(take).toHaveBeenCalledTimes(3);
  });

  it('ends the window where it began to, whatever comes meanwhile', async () => {
    const clock = virtualClock();
    const origin = await site(memoryLimitStore({ clock }));
    await statuses(origin, 1);
    await clock.advance(40_000);
    const response = await fetch(origin);
    expect(response.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(response.headers.get('ratelimit-reset'))).toBeLessThanOrEqual(20);
    expect(await statuses(origin, 1)).toEqual([429]);
    await clock.advance(20_000);
    expect(await statuses(origin, 1)).toEqual([200]);
  });

  it('refuses a key that no store can keep before others wait with it', async () => {
    const memory = memoryLimitStore();
    const take = vi.fn<LimitStore['take']>(memory.take);
    const counts = expressRateLimitStore({ ...memory, take }, { name: 'web' });
    counts.init({ windowMs: 60_000 });
    for (const key of ['x\u0000', 'x'.repeat(3_000)])
      await expect(counts.increment(key)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'key' });
    expect(take).not.toHaveBeenCalled();
  });

  it('takes a hit back', async () => {
    const origin = await site(memoryLimitStore(), { limit: 1, skipFailedRequests: true });
    expect((await fetch(`${origin}/wrong`)).status).toBe(500);
    await vi.waitFor(async () => expect(await statuses(origin, 1)).toEqual([200]));
  });

  it('tells and forgets a client', async () => {
    const limiter = rateLimit({
      windowMs: 1_000,
      store: expressRateLimitStore(memoryLimitStore(), { name: 'one' }),
    });
    expect(await limiter.getKey('ann')).toBeUndefined();
    const store = expressRateLimitStore(memoryLimitStore(), { name: 'two' });
    store.init({ windowMs: 60_000 });
    const before = Date.now();
    await store.increment('ann');
    expect(await store.increment('ann')).toMatchObject({ totalHits: 2 });
    const told = await store.get('ann');
    expect(told).toMatchObject({ totalHits: 2 });
    expect(told?.resetTime?.getTime()).toBeGreaterThan(before);
    await store.resetKey('ann');
    expect(await store.get('ann')).toBeUndefined();
    expect(await store.increment('ann')).toMatchObject({ totalHits: 1 });
  });

  it('counts on beyond any limit that it is compared with', async () => {
    const store = expressRateLimitStore(memoryLimitStore(), { name: 'long' });
    store.init({ windowMs: 30 * 86_400_000 });
    for (let hits = 1; hits <= 50; hits++)
      expect(await store.increment('ann')).toMatchObject({ totalHits: hits });
  });

  it.each([
    [true, 200],
    [false, 500],
  ])(
    'leaves what becomes of a request without it to passOnStoreError: %s',
    async (passOnStoreError, status) => {
      const take = vi.fn<LimitStore['take']>().mockRejectedValue(new StoreUnavailable('gone'));
      const error = vi.spyOn(console, 'error').mockReturnValue();
      const origin = await site({ ...memoryLimitStore(), take }, { passOnStoreError });
      expect(await statuses(origin, 1)).toEqual([status]);
      // A hit that may have been counted is not sent again.
      expect(take).toHaveBeenCalledTimes(1);
      error.mockRestore();
    },
  );

  it('waits for a store no longer than it is told', async () => {
    const hanging = { ...memoryLimitStore(), take: () => new Promise<never>(() => undefined) };
    const store = expressRateLimitStore(hanging, { name: 'web', within: 0.05 });
    store.init({ windowMs: 1_000 });
    await expect(store.increment('ann')).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('refuses what cannot be counted, by name', async () => {
    expect(() => expressRateLimitStore(memoryLimitStore(), { name: 'a b' })).toThrow(
      expect.objectContaining({ field: 'name' }),
    );
    const store = expressRateLimitStore(memoryLimitStore(), { name: 'web' });
    expect(() => store.init({ windowMs: 0.5 })).toThrow(expect.objectContaining({ field: 'periodMs' }));
    await expect(store.increment('ann')).rejects.toMatchObject({ field: 'store' });
  });
});
