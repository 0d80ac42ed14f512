import { retry, StoreUnavailable, virtualClock, withDeadline } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { expect, expectTypeOf, it, vi } from 'vitest';
import { failureOf, hang, listenersOn, nameOf, watch } from './support.ts';

it('tries until it works, until it may not, or until the caller leaves, with the pauses of the backoff between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        fails: fc.nat(8),
        fatalAt: fc.option(fc.integer({ min: 1, max: 8 })),
        attempts: fc.integer({ min: 1, max: 6 }),
        pauses: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 8, maxLength: 8 }),
        abortAt: fc.option(fc.nat(100)),
      }),
      async ({ fails, fatalAt, attempts, pauses, abortAt }) => {
        const clock = virtualClock();
        const controller = new AbortController();
        const starts: number[] = [];
        if (abortAt !== null) clock.timer(abortAt + 0.5, () => controller.abort());
        const work = (attempt: number): number => {
          starts.push(clock.monotonic());
          expect(attempt).toBe(starts.length);
          if (attempt === fatalAt) throw new Error(`fatal ${attempt}`);
          if (attempt <= fails) throw new Error(`failure ${attempt}`);
          return attempt;
        };
        const seen = watch(
          retry(work, {
            attempts,
            clock,
            signal: controller.signal,
            retryable: (error) => nameOf(error).startsWith('failure'),
            backoff: (failures) => pauses[failures - 1] ?? 0,
          }),
          () => clock.monotonic(),
        );
        await clock.runAll();

        const last = Math.min(attempts, fails + 1, fatalAt ?? Infinity);
        const expected = Array.from({ length: last }, (_, index) =>
          pauses.slice(0, index).reduce((a, b) => a + b, 0),
        );
        const cutAt = abortAt === null ? Infinity : abortAt + 0.5;
        expect(starts).toEqual(expected.filter((at) => at < cutAt));
        const at = Math.min(expected.at(-1) ?? 0, cutAt);
        const lastWord = last === fatalAt ? `fatal ${last}` : last <= fails ? `failure ${last}` : last;
        expect(seen.outcome).toBe(`${at === cutAt ? 'ABORTED' : lastWord}@${at}`);
        expect([clock.pending, listenersOn(controller.signal)]).toEqual([0, 0]);
      },
    ),
    { numRuns: 200 },
  );
});

it('lets a caller go at once who leaves during an attempt, whatever becomes of that', async () => {
  const clock = virtualClock();
  for (const becomes of [hang, () => clock.sleep(50).then(() => Promise.reject(new Error('own')))]) {
    const controller = new AbortController();
    const seen = watch(retry(becomes, { clock, signal: controller.signal, attempts: 1 }), () => 0);
    controller.abort();
    await clock.settle();
    expect(seen.outcome).toBe('ABORTED@0');
    await clock.runAll();
  }
  const controller = new AbortController();
  const failing = (): never => {
    controller.abort();
    throw new Error('as a consequence');
  };
  expect(await failureOf(retry(failing, { clock, signal: controller.signal }))).toMatchObject({
    code: 'ABORTED',
  });
});

it('repeats only what says that it may be repeated, unless told otherwise', async () => {
  const clock = virtualClock();
  const own = new Error('own');
  const work = vi.fn(() => Promise.reject(own));
  expect(await failureOf(retry(work, { clock }))).toBe(own);
  expect(work).toHaveBeenCalledTimes(1);
  const failure = failureOf(retry(work, { clock, retryable: (error) => error === own }));
  await clock.runAll();
  expect(await failure).toBe(own);
  expect(work).toHaveBeenCalledTimes(4);
});

it('tells of each pause, and survives a callback that throws', async () => {
  const clock = virtualClock();
  const told: unknown[] = [];
  const down = new StoreUnavailable('down');
  const failure = failureOf(
    retry(() => Promise.reject(down), {
      clock,
      backoff: (failures) => failures * 10,
      onRetry: (retried) => {
        told.push(retried);
        throw new Error('callback');
      },
    }),
  );
  await clock.runAll();
  expect(await failure).toBe(down);
  expect(told).toEqual([
    { error: down, failures: 1, delayMs: 10 },
    { error: down, failures: 2, delayMs: 20 },
  ]);
});

it('goes on for as long as the deadline around it allows', async () => {
  const clock = virtualClock();
  const work = vi.fn(() => Promise.reject(new StoreUnavailable('down')));
  const failure = failureOf(
    withDeadline(1_000, (signal) => retry(work, { attempts: Infinity, backoff: () => 100, signal, clock }), {
      clock,
    }),
  );
  await clock.advance(1_000);
  expect(await failure).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  expect(work).toHaveBeenCalledTimes(10);
  expect(clock.pending).toBe(0);
});

it('refuses a count of attempts that makes no sense', async () => {
  for (const attempts of [0, -1, 1.5, Number.NaN]) {
    expect(await failureOf(retry(() => 1, { attempts }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'attempts',
    });
  }
  expectTypeOf(retry(async () => 'text')).toEqualTypeOf<Promise<string>>();
});
