import { createBulkhead, InvalidArgument } from '@parley/cache-core/kernel';
import { virtualClock } from '@parley/cache-core/kernel';
import type { Bulkhead } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { failureOf, listenersOn, watch } from './support.ts';

describe('a bulkhead', () => {
  it('runs no more than it may, first come first served, refuses what is too much, and ends empty', async () => {
    const call = fc.record({
      at: fc.nat(40),
      takes: fc.integer({ min: 0, max: 30 }),
      leavesAfter: fc.option(fc.nat(30)),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(5),
        async (calls, maxRunning, maxQueued) => {
          const clock = virtualClock();
          const bulkhead = createBulkhead({ maxRunning, maxQueued });
          const begun: number[] = [];
          const queue: number[] = [];
          const signals: AbortSignal[] = [];
          let running = 0;
          const checks: (() => void)[] = [];
          for (const [id, { at, takes, leavesAfter, fails }] of calls.entries()) {
            clock.timer(at, () => {
              const room = running < maxRunning;
              const refused = !room && queue.length >= maxQueued;
              expect([bulkhead.running, bulkhead.queued]).toEqual([running, queue.length]);
              const controller = new AbortController();
              signals.push(controller.signal);
              if (room) running++;
              else if (!refused) queue.push(id);
              if (leavesAfter !== null) {
                // Fractions keep departures apart from everything else.
                clock.timer(leavesAfter + 0.5, () => {
                  controller.abort();
                  const place = queue.indexOf(id);
                  if (place >= 0) queue.splice(place, 1);
                });
              }
              const work = async (): Promise<number> => {
                begun.push(id);
                expect(bulkhead.running).toBeLessThanOrEqual(maxRunning);
                await clock.sleep(takes);
                const next = queue.shift();
                if (next === undefined) running--;
                if (fails) throw new Error(`failed ${id}`);
                return id;
              };
              const seen = watch(bulkhead.run(work, { signal: controller.signal }), () => clock.monotonic());
              checks.push(() => {
                const ran = fails ? `failed ${id}` : `${id}`;
                const word = begun.includes(id) ? ran : refused ? 'OVERLOADED' : 'ABORTED';
                expect(seen.outcome?.split('@')[0]).toBe(word);
              });
            });
          }
          await clock.runAll();
          for (const check of checks) check();
          const arrivals = [...calls.entries()].toSorted(([, a], [, b]) => a.at - b.at).map(([id]) => id);
          expect(begun).toEqual(arrivals.filter((id) => begun.includes(id)));
          expect([bulkhead.running, bulkhead.queued, running, queue.length]).toEqual([0, 0, 0, 0]);
          for (const signal of signals) expect(listenersOn(signal)).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says how full it is', async () => {
    const bulkhead = createBulkhead({ name: 'the loaders', maxRunning: 1, maxQueued: 0 });
    const release = await bulkhead.acquire();
    expect(await failureOf(bulkhead.run(() => 1))).toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
      message: 'the loaders is full',
      evidence: { running: 1, queued: 0 },
    });
    release();
    expect(await bulkhead.run(() => 1)).toBe(1);
  });

  it('gives a place back once, however often it is released', async () => {
    const bulkhead = createBulkhead({ maxRunning: 2 });
    const releases = [await bulkhead.acquire(), await bulkhead.acquire()];
    const waiting = bulkhead.acquire();
    releases[0]?.();
    releases[0]?.();
    (await waiting)();
    expect(bulkhead.running).toBe(1);
    releases[1]?.();
    expect(bulkhead.running).toBe(0);
  });

  it('lets nobody in ahead of those who wait', async () => {
    const bulkhead = createBulkhead({ maxRunning: 1 });
    const order: string[] = [];
    const release = await bulkhead.acquire();
    const queued = bulkhead.run(() => order.push('queued'));
    release();
    const barging = bulkhead.run(() => order.push('barging'));
    await Promise.all([queued, barging]);
    expect(order).toEqual(['queued', 'barging']);
  });

  it('does not begin work for a caller who left in the moment of entering', async () => {
    const bulkhead = createBulkhead({ maxRunning: 1 });
    const release = await bulkhead.acquire();
    const controller = new AbortController();
    const work = vi.fn();
    const left = failureOf(bulkhead.run(work, { signal: controller.signal }));
    release();
    controller.abort();
    expect(await left).toMatchObject({ code: 'ABORTED' });
    expect(work).not.toHaveBeenCalled();
    expect(bulkhead.running).toBe(0);
  });

  it('refuses bounds that make no sense', () => {
    for (const options of [{ maxRunning: 0 }, { maxRunning: 1.5 }, { maxRunning: 1, maxQueued: -1 }]) {
      expect(() => createBulkhead(options)).toThrow(InvalidArgument);
    }
    const bulkhead = createBulkhead({ maxRunning: 1 });
    expectTypeOf(bulkhead.run(async () => 'text')).toEqualTypeOf<Promise<string>>();
    expectTypeOf<Bulkhead['acquire']>().returns.toEqualTypeOf<Promise<() => void>>();
  });
});
