import { InvalidArgument, virtualClock } from '@parley/cache-core/kernel';
import type { Timer } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { failureOf } from './support.ts';

it('stands still until it is moved', async () => {
  const clock = virtualClock({ start: 1_000 });
  const fired = vi.fn();
  clock.timer(10, fired);
  await clock.settle();
  expect([clock.now(), clock.monotonic(), clock.pending]).toEqual([1_000, 0, 1]);
  await clock.advance(10);
  expect([clock.now(), clock.monotonic(), clock.pending]).toEqual([1_010, 10, 0]);
  expect(fired).toHaveBeenCalledTimes(1);
});

it('fires by due time and then by insertion, each at its own moment, whatever is set or cancelled meanwhile', async () => {
  const planned = fc.record({
    ms: fc.integer({ min: 0, max: 20 }),
    child: fc.option(fc.integer({ min: 0, max: 20 })),
    cancels: fc.option(fc.nat(19)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(planned, { maxLength: 20 }),
      fc.array(fc.nat(15), { maxLength: 8 }),
      async (plans, steps) => {
        const clock = virtualClock();
        const fired: { due: number; order: number; at: number }[] = [];
        const timers: Timer[] = [];
        const cancelled = new Set<number>();
        let order = 0;
        const set = (ms: number, then: () => void): void => {
          const mine = { due: clock.monotonic() + ms, order: order++ };
          timers.push(
            clock.timer(ms, () => {
              expect(cancelled.has(mine.order)).toBe(false);
              fired.push({ ...mine, at: clock.monotonic() });
              then();
            }),
          );
        };
        for (const { ms, child, cancels } of plans) {
          set(ms, () => {
            if (child !== null) set(child, () => {});
            const target = timers[cancels ?? -1];
            if (cancels === null || target === undefined) return;
            target.cancel();
            if (!fired.some((one) => one.order === cancels)) cancelled.add(cancels);
          });
        }
        for (const step of steps) {
          await clock.advance(step);
          for (const one of fired) expect(one.at).toBe(one.due);
        }
        await clock.runAll();
        expect(clock.pending).toBe(0);
        const sorted = fired.toSorted((a, b) => a.due - b.due || a.order - b.order);
        expect(fired).toEqual(sorted);
        expect(fired.length + cancelled.size).toBe(order);
      },
    ),
  );
});

it('comes to the same whether it is moved in one step or in many', async () => {
  const run = async (steps: number[]): Promise<string[]> => {
    const clock = virtualClock();
    const log: string[] = [];
    const ticker = async (name: string, every: number): Promise<void> => {
      for (;;) {
        await clock.sleep(every);
        log.push(`${name}@${clock.monotonic()}`);
      }
    };
    void ticker('a', 3);
    void ticker('b', 5);
    for (const step of steps) await clock.advance(step);
    return log;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), async (steps) => {
      expect(await run(steps)).toEqual(await run([steps.reduce((sum, step) => sum + step, 0)]));
    }),
    { numRuns: 40 },
  );
});

it('lets promise chains of any depth run out before time goes on', async () => {
  const clock = virtualClock();
  const seen: number[] = [];
  const deep = async (depth: number): Promise<void> => {
    if (depth > 0) await deep(depth - 1);
  };
  void (async () => {
    await deep(500);
    await clock.sleep(10);
    await deep(500);
    await clock.sleep(10);
    seen.push(clock.monotonic());
  })();
  clock.timer(30, () => seen.push(clock.monotonic()));
  await clock.advance(30);
  expect(seen).toEqual([20, 30]);
});

it('advances to a moment of the calendar', async () => {
  const clock = virtualClock({ start: 5_000 });
  await clock.advanceTo(5_750);
  expect(clock.now()).toBe(5_750);
  expect(() => clock.advanceTo(5_749)).toThrow(InvalidArgument);
});

it('shifts the calendar without moving time', async () => {
  const clock = virtualClock({ start: 5_000 });
  const fired = vi.fn();
  clock.timer(10, fired);
  clock.shiftWall(-3_600_000);
  await clock.settle();
  expect([clock.now(), clock.monotonic()]).toEqual([5_000 - 3_600_000, 0]);
  await clock.advance(10);
  expect(fired).toHaveBeenCalledTimes(1);
});

it('runs all but what would not keep a process alive', async () => {
  const clock = virtualClock();
  const beat = (): void => {
    clock.timer(10, beat, { unref: true });
  };
  beat();
  let done = false;
  clock.timer(25, () => (done = true));
  await clock.runAll();
  expect([done, clock.monotonic(), clock.pending]).toEqual([true, 25, 1]);
});

it('never counts a timer of infinite length', async () => {
  const clock = virtualClock();
  clock.timer(Infinity, () => {});
  expect(clock.pending).toBe(0);
  await clock.runAll();
});

it('gives up on what never ends instead of hanging the test', async () => {
  const periodic = virtualClock();
  const beat = (): void => {
    periodic.timer(10, beat);
  };
  beat();
  expect(await failureOf(periodic.runAll({ limit: 50 }))).toMatchObject({
    message: expect.stringContaining('50 timers'),
  });

  const spinning = virtualClock();
  const spin = (): void => {
    spinning.timer(0, spin);
  };
  spin();
  expect(await failureOf(spinning.advance(1))).toMatchObject({
    message: expect.stringContaining('same instant'),
  });
});

it('hands what a timer throws to the one who moves the clock, and can be moved on', async () => {
  const clock = virtualClock();
  clock.timer(10, () => {
    throw new Error('from a timer');
  });
  expect(await failureOf(clock.advance(20))).toMatchObject({ message: 'from a timer' });
  expect(clock.monotonic()).toBe(10);
  await clock.advance(10);
  expect(clock.monotonic()).toBe(20);
});

it('refuses to be moved twice at once or backwards', async () => {
  const clock = virtualClock();
  const first = clock.advance(10);
  expect(await failureOf(clock.advance(10))).toMatchObject({
    message: expect.stringContaining('already being moved'),
  });
  await first;
  expect(clock.monotonic()).toBe(10);
  for (const ms of [-1, Number.NaN, Infinity]) expect(() => clock.advance(ms)).toThrow(InvalidArgument);
});

it('works under a test runner that fakes the timers of the platform', async () => {
  vi.useFakeTimers();
  try {
    const clock = virtualClock();
    const fired = vi.fn();
    clock.timer(5, fired);
    await clock.advance(5);
    expect(fired).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});
