import { virtualClock } from '@parley/cache-core/kernel';
import { memoryLimitStore, type Rule, type RuleKind, type Taken } from '@parley/ratelimit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const rule = (kind: RuleKind, more: Partial<Rule> = {}): Rule => {
  const limit = more.limit ?? 3;
  return { name: 'r', kind, limit, periodMs: 1_000, burst: limit, ...more };
};

interface Step {
  readonly gap: number;
  readonly cost: number;
}

interface Played extends Taken {
  readonly cost: number;
}

/** Plays calls on a store and answers what became of each. */
async function play(one: Rule, steps: readonly Step[]): Promise<Played[]> {
  const clock = virtualClock();
  const store = memoryLimitStore({ clock });
  const played: Played[] = [];
  for (const { gap, cost } of steps) {
    await clock.advance(gap);
    const charges = [{ rule: one, identity: 'ann', cost }];
    played.push({ ...store.takeNow({ charges, holder: `${played.length}` }), cost });
  }
  return played;
}

const stepsFor = (burst: number, periodMs: number) =>
  fc.array(fc.record({ gap: fc.nat(periodMs), cost: fc.integer({ min: 1, max: burst }) }), {
    minLength: 1,
    maxLength: 60,
  });

/** A rule and calls to it. */
const histories = (kind: RuleKind) =>
  fc
    .record({
      limit: fc.integer({ min: 1, max: 12 }),
      periodMs: fc.integer({ min: 1, max: 1_900 }),
      extra: fc.nat(10),
    })
    .chain(({ limit, periodMs, extra }) => {
      const burst = kind === 'gcra' || kind === 'bucket' ? 1 + extra : limit;
      return fc.record({
        one: fc.constant(rule(kind, { limit, periodMs, burst })),
        steps: stepsFor(burst, periodMs),
      });
    });

const kinds: readonly RuleKind[] = ['gcra', 'bucket', 'fixed', 'sliding', 'log', 'concurrency'];

/** What was admitted in (from, to], by the times that the store gave. */
const admittedIn = (played: readonly Played[], from: number, to: number): number =>
  played.filter(({ ok, at }) => ok && at > from && at <= to).reduce((sum, { cost }) => sum + cost, 0);

describe('counted from the history alone', () => {
  it('gcra admits what the theoretical time of arrival says, in fractions without loss', async () => {
    await fc.assert(
      fc.asyncProperty(histories('gcra'), async ({ one, steps }) => {
        // In units of 1/limit ms, as big integers: T = periodMs, and a burst may come T * burst ahead.
        const [limit, period, burst] = [BigInt(one.limit), BigInt(one.periodMs), BigInt(one.burst)];
        let tat = 0n;
        for (const { at, cost, ok } of await play(one, steps)) {
          const now = BigInt(at) * limit;
          const next = (tat > now ? tat : now) + BigInt(cost) * period;
          const fits = next - now <= burst * period;
          expect(ok).toBe(fits);
          if (fits) tat = next;
        }
      }),
    );
  });

  it('a log admits no more than its limit in any interval as long as its period, and no less', async () => {
    await fc.assert(
      fc.asyncProperty(histories('log'), async ({ one, steps }) => {
        const played = await play(one, steps);
        for (const [i, { at, cost, ok }] of played.entries()) {
          const before = admittedIn(played.slice(0, i), at - one.periodMs, at);
          expect(ok).toBe(before + cost <= one.limit);
        }
      }),
    );
  });

  it('a fixed window admits its limit from its first charge to its end', async () => {
    await fc.assert(
      fc.asyncProperty(histories('fixed'), async ({ one, steps }) => {
        let [from, used] = [-Infinity, 0];
        for (const { at, cost, ok } of await play(one, steps)) {
          if (at >= from + one.periodMs) [from, used] = [at, 0];
          expect(ok).toBe(used + cost <= one.limit);
          if (ok) used += cost;
          else if (used === 0) from = -Infinity;
        }
      }),
    );
  });

  it('a sliding window weighs the previous one by what of it is still within the period', async () => {
    await fc.assert(
      fc.asyncProperty(histories('sliding'), async ({ one, steps }) => {
        const { limit, periodMs } = one;
        const played = await play(one, steps);
        let from: number | undefined;
        for (const [i, { at, cost, ok }] of played.entries()) {
          const past = played.slice(0, i);
          while (from !== undefined && at >= from + periodMs) {
            from += periodMs;
            if (admittedIn(past, from - periodMs - 1, from - 1) === 0) from = undefined;
          }
          const start = from ?? at;
          const current = admittedIn(past, start - 1, at);
          const previous = from === undefined ? 0 : admittedIn(past, start - periodMs - 1, start - 1);
          const share = previous * (start + periodMs - at);
          expect(ok).toBe(share + (current + cost) * periodMs <= limit * periodMs);
          if (ok) from = start;
        }
      }),
    );
  });

  it('slots that nobody gives back are out for their period', async () => {
    await fc.assert(
      fc.asyncProperty(histories('concurrency'), async ({ one, steps }) => {
        const played = await play(one, steps);
        for (const [i, { at, cost, ok }] of played.entries())
          expect(ok).toBe(admittedIn(played.slice(0, i), at - one.periodMs, at) + cost <= one.limit);
      }),
    );
  });
});

describe.each(kinds)('%s', (kind) => {
  it('says exactly when a denied call will be admitted', async () => {
    await fc.assert(
      fc.asyncProperty(histories(kind), async ({ one, steps }) => {
        const clock = virtualClock();
        const store = memoryLimitStore({ clock });
        for (const [i, { gap, cost }] of steps.entries()) {
          await clock.advance(gap);
          const charge = { rule: one, identity: 'ann', cost };
          const { ok, standings } = store.takeNow({ charges: [charge], holder: `${i}` });
          const retryAfterMs = standings[0]?.retryAfterMs ?? 0;
          expect(retryAfterMs > 0).toBe(!ok);
          if (ok) continue;
          await clock.advance(retryAfterMs - 1);
          expect(await store.peek([charge])).toMatchObject([{ ok: false, retryAfterMs: 1 }]);
          await clock.advance(1);
          expect(await store.peek([charge])).toMatchObject([{ ok: true }]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('says how much is left, and when it is as if never used', async () => {
    await fc.assert(
      fc.asyncProperty(histories(kind), async ({ one, steps }) => {
        const clock = virtualClock();
        const store = memoryLimitStore({ clock });
        for (const [i, { gap, cost }] of steps.entries()) {
          await clock.advance(gap);
          const charge = { rule: one, identity: 'ann', cost };
          const [standing] = store.takeNow({ charges: [charge], holder: `${i}` }).standings;
          const remaining = standing?.remaining ?? 0;
          const [all, more] = await store.peek([
            { ...charge, cost: Math.max(1, remaining) },
            { ...charge, cost: Math.min(one.burst, remaining + 1) },
          ]);
          expect([all?.ok, more?.ok]).toEqual([remaining > 0, remaining === one.burst]);
        }
        const single = { rule: one, identity: 'ann', cost: 1 };
        const [last] = await store.peek([single]);
        const resetMs = last?.resetMs ?? 0;
        await clock.advance(Math.max(0, resetMs - 1));
        expect(await store.peek([single])).toMatchObject([{ resetMs: Math.min(1, resetMs) }]);
        await clock.advance(1);
        const whole = { rule: one, identity: 'ann', cost: one.burst };
        expect(await store.peek([whole])).toMatchObject([{ ok: true, resetMs: 0, remaining: one.burst }]);
      }),
      { numRuns: 40 },
    );
  });
});
