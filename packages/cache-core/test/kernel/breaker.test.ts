import { createBreaker, InvalidArgument, judgeStoreError, listenerErrors } from '@parley/cache-core/kernel';
import {
  Aborted,
  DeadlineExceeded,
  StoreFault,
  StoreUnavailable,
  virtualClock,
} from '@parley/cache-core/kernel';
import type { Breaker, BreakerChange, BreakerOptions, VirtualClock } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { failureOf, hang } from './support.ts';

const down = (): Promise<never> => Promise.reject(new StoreUnavailable('no connection'));

async function opened(
  options: BreakerOptions = {},
): Promise<{ clock: VirtualClock; breaker: Breaker; changes: BreakerChange[] }> {
  const clock = virtualClock();
  const changes: BreakerChange[] = [];
  const onStateChange = (change: BreakerChange): number => changes.push(change);
  const breaker = createBreaker({
    clock,
    failures: 2,
    coolDownMs: 1_000,
    jitter: 0,
    onStateChange,
    ...options,
  });
  await failureOf(breaker.run(down));
  await failureOf(breaker.run(down));
  return { clock, breaker, changes };
}

describe('a closed breaker', () => {
  it('counts faults that follow each other, or with a window those that lie within it', async () => {
    const clock = virtualClock();
    const inRow = createBreaker({ clock, failures: 2 });
    const inWindow = createBreaker({ clock, failures: 2, windowMs: 100 });
    for (const breaker of [inRow, inWindow]) {
      await failureOf(breaker.run(down));
      await breaker.run(() => 'answer');
      await failureOf(breaker.run(down));
    }
    expect([inRow.state, inWindow.state]).toEqual(['closed', 'open']);
  });

  it('begins to count anew after an outage', async () => {
    const { clock, breaker } = await opened({ windowMs: 60_000 });
    await clock.advance(1_000);
    await breaker.run(() => 'back');
    await failureOf(breaker.run(down));
    expect(breaker.state).toBe('closed');
  });
});

describe('an open breaker', () => {
  it('refuses with an error that says when to come back', async () => {
    const { clock, breaker, changes } = await opened({ name: 'redis a' });
    await clock.advance(400);
    const work = vi.fn();
    expect(await failureOf(breaker.run(work))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: 'redis a is left alone after repeated faults',
      evidence: { breaker: 'open', retryAfterMs: 600 },
    });
    expect(work).not.toHaveBeenCalled();
    expect(changes).toMatchObject([{ from: 'closed', to: 'open', error: { message: 'no connection' } }]);
  });

  it('lets one call at a time find out, and all once that has worked', async () => {
    const { clock, breaker } = await opened();
    await clock.advance(1_000);
    const probe = Promise.withResolvers<string>();
    const probing = breaker.run(() => probe.promise);
    expect(breaker.state).toBe('half-open');
    const others = await Promise.all([1, 2, 3].map(() => failureOf(breaker.run(() => 'no'))));
    for (const error of others)
      expect(error).toMatchObject({ evidence: { breaker: 'half-open', retryAfterMs: 0 } });
    probe.resolve('yes');
    expect(await probing).toBe('yes');
    expect(breaker.state).toBe('closed');
    expect(await Promise.all([1, 2, 3].map(() => breaker.run(() => 'ok')))).toEqual(['ok', 'ok', 'ok']);
  });

  it('takes a probe that hangs for a fault, at its limit', async () => {
    const { clock, breaker } = await opened({ probeLimitMs: 300 });
    await clock.advance(1_000);
    const probing = failureOf(breaker.run(hang));
    await clock.advance(299);
    expect(breaker.state).toBe('half-open');
    await clock.advance(1);
    expect(await probing).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(breaker.state).toBe('open');
    await clock.advance(999);
    expect(await failureOf(breaker.run(() => 1))).toMatchObject({ evidence: { retryAfterMs: 1 } });
    await clock.advance(1);
    expect(await breaker.run(() => 1)).toBe(1);
  });

  it('gives the probe to the next caller when the first one leaves', async () => {
    const { clock, breaker } = await opened();
    await clock.advance(1_000);
    const controller = new AbortController();
    const left = failureOf(breaker.run(hang, { signal: controller.signal }));
    controller.abort();
    expect(await left).toMatchObject({ code: 'ABORTED' });
    expect(breaker.state).toBe('half-open');
    expect(await breaker.run(() => 'next')).toBe('next');
    expect(breaker.state).toBe('closed');
  });

  it('draws its cool-down out by no more than the jitter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (drawn) => {
        const { breaker } = await opened({ jitter: 0.2, random: () => drawn });
        const error = await failureOf(breaker.run(() => 1));
        expect(error).toMatchObject({ evidence: { retryAfterMs: Math.ceil(1_000 * (1 + 0.2 * drawn)) } });
      }),
      { numRuns: 30 },
    );
  });
});

describe('calls that answer late', () => {
  it('say nothing about a state that came after them', async () => {
    const clock = virtualClock();
    const breaker = createBreaker({ clock, failures: 1, coolDownMs: 100, jitter: 0 });
    const late = [1, 2, 3].map(() => Promise.withResolvers<string>());
    const calls = late.map(({ promise }) => breaker.run(() => promise).catch(() => 'failed'));
    await failureOf(breaker.run(down));
    expect(breaker.state).toBe('open');

    late[0]?.resolve('old answer');
    await calls[0];
    expect(breaker.state).toBe('open');

    await clock.advance(100);
    const probe = Promise.withResolvers<string>();
    const probing = breaker.run(() => probe.promise);
    late[1]?.reject(new StoreUnavailable('old fault'));
    await calls[1];
    expect(breaker.state).toBe('half-open');
    expect(await failureOf(breaker.run(() => 'a second probe'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    probe.resolve('ok');
    await probing;

    late[2]?.reject(new StoreUnavailable('old fault'));
    await calls[2];
    expect(breaker.state).toBe('closed');
  });
});

describe('callbacks', () => {
  it('may throw without harm, and their error is told', async () => {
    const told: unknown[] = [];
    const stop = listenerErrors.subscribe((failure) => told.push(failure.listener));
    const throwing = (): never => {
      throw new Error('callback');
    };
    const { breaker } = await opened({ onStateChange: throwing });
    expect(breaker.state).toBe('open');
    const judged = await opened({ judge: throwing });
    expect(judged.breaker.state).toBe('closed');
    stop();
    expect(told).toEqual(['onStateChange', 'judge', 'judge']);
  });

  it('judge by the kind of error unless told otherwise', () => {
    expect(judgeStoreError(new StoreUnavailable('x'))).toBe('fault');
    expect(judgeStoreError(new DeadlineExceeded('x', 1))).toBe('fault');
    expect(judgeStoreError(new StoreFault('x'))).toBe('answer');
    for (const error of [new Aborted(), new InvalidArgument('x', 'y', 1), new TypeError('x'), undefined]) {
      expect(judgeStoreError(error)).toBe('neutral');
    }
  });
});

it('refuses options that make no sense', () => {
  const wrong = [
    { failures: 0 },
    { coolDownMs: 0 },
    { probeLimitMs: -1 },
    { windowMs: Number.NaN },
    { jitter: 2 },
    { jitter: Number.NaN },
  ];
  for (const options of wrong) expect(() => createBreaker(options)).toThrow(InvalidArgument);
  expectTypeOf(createBreaker().run(async () => 'text')).toEqualTypeOf<Promise<string>>();
});
