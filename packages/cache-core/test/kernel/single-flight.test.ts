import { createSingleFlight, virtualClock } from '@parley/cache-core/kernel';
import type { FlightContext, LateOutcome } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { failureOf, hang, listenersOn, watch } from './support.ts';

describe('a single flight', () => {
  type Action =
    | { do: 'join'; key: number; takes: number; fails: boolean; leavesAfter: number | null; heeds: boolean }
    | { do: 'forget'; key: number }
    | { do: 'wait'; ms: number };
  const key = fc.nat(1);
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({
      do: fc.constant('join' as const),
      key,
      takes: fc.integer({ min: 0, max: 60 }),
      fails: fc.boolean(),
      leavesAfter: fc.option(fc.nat(40)),
      heeds: fc.boolean(),
    }),
    fc.record({ do: fc.constant('forget' as const), key }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30) }),
  );

  interface ModelFlight {
    id: number;
    endsAt: number;
    result: 'value' | 'error' | 'limit';
    waiters: { leavesAt: number }[];
    detached: boolean;
  }

  it.each(['abort', 'finish'] as const)('behaves like its model (abandoned: %s)', async (abandoned) => {
    const limit = 50.25;
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const clock = virtualClock();
        const flights = createSingleFlight<number>({ clock, limitMs: limit, abandoned });
        const model: ModelFlight[] = [];
        const checks: (() => void)[] = [];
        const signals: AbortSignal[] = [];
        const forgotten: [boolean, boolean][] = [];
        let started = 0;

        const leftAt = (flight: ModelFlight): number =>
          abandoned === 'finish' ? Infinity : Math.max(...flight.waiters.map(({ leavesAt }) => leavesAt));

        for (const [index, act] of actions.entries()) {
          if (act.do === 'wait') {
            await clock.advance(act.ms);
            continue;
          }
          const now = clock.monotonic();
          const current = model.findLast(
            ({ id, detached, ...flight }) =>
              id % 2 === act.key &&
              !detached &&
              flight.endsAt > now &&
              leftAt({ id, detached, ...flight }) > now,
          );
          if (act.do === 'forget') {
            forgotten.push([flights.forget(`k${act.key}`), current !== undefined]);
            if (current !== undefined) current.detached = true;
            continue;
          }
          // Fractions keep the moments apart: results at .5, departures at .125, the limit at .25.
          const leavesAt = act.leavesAfter === null ? Infinity : now + act.leavesAfter + 0.125;
          const id = index * 2 + act.key;
          const resultAt = now + act.takes + 0.5;
          const flight = current ?? {
            id,
            endsAt: Math.min(resultAt, now + limit),
            result: resultAt > now + limit ? 'limit' : act.fails ? 'error' : 'value',
            waiters: [],
            detached: false,
          };
          if (current === undefined) model.push(flight);
          flight.waiters.push({ leavesAt });

          const controller = new AbortController();
          signals.push(controller.signal);
          if (act.leavesAfter !== null) clock.timer(act.leavesAfter + 0.125, () => controller.abort('left'));
          const work = async (flight: FlightContext): Promise<number> => {
            started++;
            await clock.sleep(act.takes + 0.5, act.heeds ? { signal: flight.signal } : {});
            if (act.fails) throw new Error(`failed ${id}`);
            return id;
          };
          const options = act.leavesAfter === null ? {} : { signal: controller.signal };
          const seen = watch(flights.run(`k${act.key}`, work, options), () => clock.monotonic());
          checks.push(() => {
            const results = { limit: 'DEADLINE_EXCEEDED', error: `failed ${flight.id}`, value: flight.id };
            const left = leavesAt < flight.endsAt;
            expect(seen.outcome).toBe(
              left ? `ABORTED@${leavesAt}` : `${results[flight.result]}@${flight.endsAt}`,
            );
          });
          await clock.settle();
          expect(started).toBe(model.length);
        }
        await clock.runAll();
        for (const check of checks) check();
        for (const [answer, expected] of forgotten) expect(answer).toBe(expected);
        for (const signal of signals) expect(listenersOn(signal)).toBe(0);
        expect([flights.size, clock.pending]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  it('runs the work once for all who ask meanwhile, and gives all the same', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<object>({ clock });
    const value = {};
    const work = vi.fn(async () => {
      await clock.sleep(10);
      return value;
    });
    const all = Promise.all(Array.from({ length: 100 }, () => flights.run('k', work)));
    expect(flights.size).toBe(1);
    await clock.advance(10);
    expect(new Set(await all)).toEqual(new Set([value]));
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('takes any text for a key', async () => {
    const flights = createSingleFlight<string>({ clock: virtualClock() });
    for (const hostile of ['__proto__', 'constructor', '', '*']) {
      expect(await flights.run(hostile, () => hostile)).toBe(hostile);
    }
    expect(flights.size).toBe(0);
  });

  it('shares errors that are thrown at once, and starts anew after them', async () => {
    const flights = createSingleFlight<number>({ clock: virtualClock() });
    const own = new Error('own');
    const failing = (): never => {
      throw own;
    };
    expect(await failureOf(flights.run('k', failing))).toBe(own);
    expect(await flights.run('k', () => 2)).toBe(2);
  });

  it('never blocks a key for longer than the limit, although the work hangs and ignores its signal', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<number>({ clock, limitMs: 1_000 });
    let told: unknown;
    const failures = [1, 2].map(() =>
      failureOf(
        flights.run('k', ({ signal }) => {
          signal.addEventListener('abort', () => (told = signal.reason));
          return hang();
        }),
      ),
    );
    await clock.advance(1_000);
    for (const failure of failures) expect(await failure).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(told).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await flights.run('k', () => 7)).toBe(7);
  });

  it('gives each flight the whole limit, and a signal that is asked for too late is aborted already', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<never>({ clock, limitMs: 100 });
    let late: FlightContext | undefined;
    const first = watch(flights.run('a', hang), () => clock.monotonic());
    await clock.advance(60);
    const second = watch(
      flights.run('b', (flight) => {
        late = flight;
        return hang();
      }),
      () => clock.monotonic(),
    );
    await clock.advance(39);
    expect([first.outcome, clock.pending]).toEqual([undefined, 1]);
    await clock.advance(61);
    expect([first.outcome, second.outcome]).toEqual(['DEADLINE_EXCEEDED@100', 'DEADLINE_EXCEEDED@160']);
    expect(late?.signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(clock.pending).toBe(0);
  });

  it('ends at the limit when the work waits for its own key', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<number>({ clock, limitMs: 100 });
    const inner = (): number => 1;
    const failure = failureOf(flights.run('k', () => flights.run('k', inner)));
    await clock.advance(100);
    expect(await failure).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(flights.size).toBe(0);
  });

  it('drops what forgotten work comes to when a newer flight is under way', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<string>({ clock });
    const old = flights.run('k', () => clock.sleep(10).then(() => 'old'));
    flights.forget('k');
    const fresh = flights.run('k', () => clock.sleep(20).then(() => 'fresh'));
    await clock.advance(10);
    expect(await old).toBe('old');
    expect(flights.size).toBe(1);
    const joined = flights.run('k', () => 'not run');
    await clock.advance(10);
    expect(await Promise.all([fresh, joined])).toEqual(['fresh', 'fresh']);
  });

  it('forgets all at once', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<string>({ clock });
    const old = ['a', 'b'].map((key) => flights.run(key, () => clock.sleep(10).then(() => 'old')));
    flights.forgetAll();
    expect(flights.size).toBe(0);
    expect(await flights.run('a', () => 'fresh')).toBe('fresh');
    await clock.advance(10);
    expect(await Promise.all(old)).toEqual(['old', 'old']);
  });

  it('lets a caller who comes in the same turn take over from the last who left', async () => {
    const clock = virtualClock();
    const flights = createSingleFlight<string>({ clock });
    const controller = new AbortController();
    const left = failureOf(
      flights.run('k', () => clock.sleep(10).then(() => 'value'), { signal: controller.signal }),
    );
    controller.abort();
    const joined = flights.run('k', () => 'not run');
    await clock.advance(10);
    expect(await left).toMatchObject({ code: 'ABORTED' });
    expect(await joined).toBe('value');
  });

  it('does not start for a caller who has left, and copes with work that aborts its caller', async () => {
    const flights = createSingleFlight<number>({ clock: virtualClock() });
    const work = vi.fn(() => 1);
    expect(await failureOf(flights.run('k', work, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'ABORTED',
    });
    expect(work).not.toHaveBeenCalled();
    const controller = new AbortController();
    const suicidal = (): Promise<never> => {
      controller.abort();
      return hang();
    };
    expect(await failureOf(flights.run('k', suicidal, { signal: controller.signal }))).toMatchObject({
      code: 'ABORTED',
    });
    expect(flights.size).toBe(0);
  });

  it('tells what abandoned work came to', async () => {
    const clock = virtualClock();
    const late: LateOutcome<string>[] = [];
    const flights = createSingleFlight<string>({
      clock,
      limitMs: 10,
      onLate: (outcome) => late.push(outcome),
    });
    const failure = failureOf(flights.run('k', () => clock.sleep(20).then(() => 'late')));
    await clock.advance(20);
    await failure;
    expect(late).toEqual([{ status: 'fulfilled', value: 'late' }]);
  });

  it('has one type of value', () => {
    const flights = createSingleFlight<string>();
    expectTypeOf<typeof flights.run>().returns.toEqualTypeOf<Promise<string>>();
    expectTypeOf<typeof flights.run>()
      .parameter(1)
      .toEqualTypeOf<(flight: FlightContext) => PromiseLike<string> | string>();
  });
});
