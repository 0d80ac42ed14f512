import {
  deadlineIn,
  DeadlineExceeded,
  systemClock,
  virtualClock,
  withDeadline,
} from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { failureOf, hang, listenersOn, nameOf, watch } from './support.ts';

describe('withDeadline', () => {
  it('settles with whatever comes first, at that very moment, and leaves nothing behind', async () => {
    const moment = fc.integer({ min: 1, max: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: moment,
          work: fc.option(moment),
          abort: fc.option(moment),
          fails: fc.boolean(),
          heeds: fc.boolean(),
          shared: fc.boolean(),
        }),
        async ({ limit, work, abort, fails, heeds, shared }) => {
          // All at different moments: ties are decided by insertion and not by promise.
          const [limitAt, workAt, abortAt] = [limit * 3, (work ?? 99) * 3 + 1, (abort ?? 99) * 3 + 2];
          const clock = virtualClock();
          const controller = new AbortController();
          const late: string[] = [];
          let told: string | undefined;
          if (abort !== null) clock.timer(abortAt, () => controller.abort('left'));
          const run = async (signal: AbortSignal): Promise<string> => {
            signal.addEventListener('abort', () => (told = nameOf(signal.reason)));
            if (work === null && !heeds) return hang();
            await clock.sleep(work === null ? Infinity : workAt, heeds ? { signal } : {});
            if (fails) throw new Error('own');
            return 'done';
          };
          const seen = watch(
            withDeadline(shared ? deadlineIn(limitAt, { clock }) : limitAt, run, {
              clock,
              signal: controller.signal,
              what: 'the read',
              onLate: ({ status }) => late.push(status),
            }),
            () => clock.monotonic(),
          );
          await clock.runAll();
          const at = Math.min(limitAt, workAt, abortAt);
          const inTime = at === workAt;
          const code = at === limitAt ? 'DEADLINE_EXCEEDED' : 'ABORTED';
          const answer = fails ? 'own' : 'done';
          const comesLate = heeds || work !== null;
          expect({ outcome: seen.outcome, told, late }).toEqual({
            outcome: `${inTime ? answer : code}@${at}`,
            told: inTime ? undefined : code,
            late: inTime || !comesLate ? [] : [heeds || fails ? 'rejected' : 'fulfilled'],
          });
          expect(listenersOn(controller.signal)).toBe(0);
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says what took too long', async () => {
    const clock = virtualClock();
    const failure = failureOf(withDeadline(250, hang, { clock, what: 'loading the profile' }));
    await clock.advance(250);
    expect(await failure).toMatchObject({
      message: 'loading the profile did not finish within 250 ms',
      retryable: true,
      evidence: { what: 'loading the profile', limitMs: 250 },
    });
  });

  it('does not begin work for a caller who has left or a deadline that has passed', async () => {
    const clock = virtualClock();
    const work = vi.fn(() => 1);
    expect(await failureOf(withDeadline(5, work, { clock, signal: AbortSignal.abort() }))).toMatchObject({
      code: 'ABORTED',
    });
    const deadline = deadlineIn(5, { clock });
    await clock.advance(5);
    expect(await failureOf(withDeadline(deadline, work))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      evidence: { limitMs: 5 },
    });
    expect(work).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  it('takes answers and errors of work that is not asynchronous', async () => {
    const clock = virtualClock();
    expect(await withDeadline(5, () => 7, { clock })).toBe(7);
    const own = new Error('own');
    const thrown = withDeadline(
      5,
      () => {
        throw own;
      },
      { clock },
    );
    expect(await failureOf(thrown)).toBe(own);
    expect(clock.pending).toBe(0);
  });

  it('takes the caller out when the work itself aborts the signal', async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const work = (): Promise<never> => {
      controller.abort('from within');
      return hang();
    };
    expect(await failureOf(withDeadline(5, work, { clock, signal: controller.signal }))).toMatchObject({
      cause: 'from within',
    });
  });

  it('tells the outer deadline through the inner work', async () => {
    const clock = virtualClock();
    const inner = (signal: AbortSignal): Promise<never> =>
      withDeadline(100, hang, { clock, signal, what: 'inner' });
    const failure = failureOf(withDeadline(10, inner, { clock, what: 'outer' }));
    await clock.advance(10);
    expect(await failure).toMatchObject({ evidence: { what: 'outer' } });
    expect(clock.pending).toBe(0);
  });

  it('survives a callback for late outcomes that throws', async () => {
    const clock = virtualClock();
    const failure = failureOf(
      withDeadline(10, () => clock.sleep(20), {
        clock,
        onLate: () => {
          throw new Error('callback');
        },
      }),
    );
    await clock.advance(30);
    expect(await failure).toBeInstanceOf(DeadlineExceeded);
  });

  it('refuses a limit that is no time, by a rejection', async () => {
    for (const limit of [0, -1, Number.NaN]) {
      expect(await failureOf(withDeadline(limit, hang))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'deadline',
      });
    }
  });

  it('gives what the work gives', () => {
    expectTypeOf(withDeadline(5, async () => 'text')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(withDeadline(5, () => 7)).toEqualTypeOf<Promise<number>>();
  });
});

describe('deadlineIn', () => {
  it('runs down to zero and not below', async () => {
    const clock = virtualClock();
    const deadline = deadlineIn(50, { clock });
    await clock.advance(20);
    expect(deadline.remaining()).toBe(30);
    clock.shiftWall(-1_000_000);
    await clock.advance(100);
    expect(deadline.remaining()).toBe(0);
  });

  it('may never come', () => {
    const deadline = deadlineIn(Infinity);
    expect([deadline.remaining(), deadline.clock]).toEqual([Infinity, systemClock]);
  });
});
