import { createBreaker, isParleyError, virtualClock } from '@parley/cache-core/kernel';
import { DeadlineExceeded, StoreFault, StoreUnavailable } from '@parley/cache-core/kernel';
import type { BreakerState } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { hang, listenersOn } from './support.ts';

type Call = 'fault' | 'answer' | 'success' | 'neutral' | 'abort' | 'hang';

/** What a breaker is told and does, for calls that come one after the other, with a cool-down of 125 ms. */
class Model {
  state: BreakerState = 'closed';
  changes = 0;
  readonly failures: number;
  readonly windowMs: number | undefined;
  #faults: number[] = [];
  #openUntil = 0;

  constructor(failures: number, windowMs: number | undefined) {
    this.failures = failures;
    this.windowMs = windowMs;
  }

  /** Whether a call gets through. */
  begin(now: number): boolean {
    if (this.state !== 'closed' && now < this.#openUntil) return false;
    if (this.state === 'open') this.#become('half-open', now);
    return true;
  }

  end(call: Call, now: number): void {
    if (call === 'success' || call === 'answer') {
      if (this.state === 'half-open') this.#become('closed', now);
      else if (this.windowMs === undefined) this.#faults = [];
    } else if (call === 'fault' || call === 'hang') {
      const since = now - (this.windowMs ?? Infinity);
      this.#faults = [...this.#faults, now].filter((at) => at >= since);
      if (this.state === 'half-open' || this.#faults.length >= this.failures) this.#become('open', now);
    }
  }

  #become(state: BreakerState, now: number): void {
    this.state = state;
    this.changes++;
    this.#faults = [];
    if (state === 'open') this.#openUntil = now + 125;
  }
}

function perform(call: Call, probe: boolean, abort: () => void): unknown {
  if (call === 'fault') throw new StoreUnavailable('x');
  if (call === 'answer') throw new StoreFault('x');
  if (call === 'neutral') throw new Error('x');
  if (call === 'abort') {
    abort();
    throw new StoreUnavailable('as a consequence');
  }
  if (call === 'success') return 'ok';
  // A call that is no probe has a limit of its own.
  if (probe) return hang();
  throw new DeadlineExceeded('x', 20);
}

it('a breaker behaves like its model', async () => {
  const step = fc.oneof(
    fc.constantFrom<Call>('fault', 'fault', 'fault', 'answer', 'success', 'neutral', 'abort', 'hang'),
    // Few lengths, so that calls often fall on the very edge of a window.
    fc.constantFrom(1, 25, 50, 75, 150),
  );
  const windows = fc.constantFrom(undefined, 25, 50, 75, 400);
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      windows,
      async (steps, failures, windowMs) => {
        const clock = virtualClock();
        const onStateChange = vi.fn();
        const breaker = createBreaker({
          clock,
          failures,
          windowMs,
          coolDownMs: 100,
          jitter: 0.5,
          random: () => 0.5,
          probeLimitMs: 20,
          onStateChange,
        });
        const model = new Model(failures, windowMs);
        for (const action of steps) {
          if (typeof action === 'number') {
            await clock.advance(action);
            continue;
          }
          const admitted = model.begin(clock.monotonic());
          const probe = model.state === 'half-open';
          const controller = new AbortController();
          const work = vi.fn(() => perform(action, probe, () => controller.abort()));
          const outcome = breaker.run(work, { signal: controller.signal }).catch((error: unknown) => error);
          if (admitted && probe && action === 'hang') await clock.advance(20);
          const answer = await outcome;
          if (admitted) model.end(action, clock.monotonic());

          expect(work).toHaveBeenCalledTimes(admitted ? 1 : 0);
          expect(isParleyError(answer) && 'retryAfterMs' in answer.evidence).toBe(!admitted);
          expect(breaker.state).toBe(model.state);
          expect(onStateChange).toHaveBeenCalledTimes(model.changes);
          expect([clock.pending, listenersOn(controller.signal)]).toEqual([0, 0]);
        }
      },
    ),
    { numRuns: 500 },
  );
});
