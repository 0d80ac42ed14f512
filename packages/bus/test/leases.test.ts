import type { JobOutcome } from '@parley/bus';
import { StoreFault, StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { Leases } from '../src/leases.ts';
import { coreStage, hang, pass, quiet, watch, type Changes } from './support.ts';

function leasesStage(jobs: Changes['jobs'], leaseMs = 30_000) {
  const on = coreStage({ jobs: { extend: async (leases) => leases.map(() => true), ...jobs } });
  const leases = new Leases(on.core, leaseMs);
  const ending = new AbortController();
  const hold = (id = 'j') => leases.hold({ queue: 'q', id, token: 't' }, on.clock.monotonic(), ending.signal);
  return { ...on, leases, ending, hold };
}

describe('leases of jobs at work', () => {
  it('are lengthened together, three times as often as they would run out', async () => {
    const calls: string[] = [];
    const { clock, hold } = leasesStage({
      extend: async (leases, ms) => {
        calls.push(`${leases.map(({ id }) => id).join(' ')} by ${ms} @${clock.monotonic()}`);
        return leases.map(() => true);
      },
    });
    const [a, b] = [hold('a'), hold('b')];
    await clock.advance(100_000);
    expect(calls.slice(0, 2)).toEqual(['a b by 30000 @10000', 'a b by 30000 @20000']);
    expect([a.signal.aborted, b.signal.aborted]).toEqual([false, false]);
  });

  it('that are not ours any more abort the signal of their job', async () => {
    const { clock, hold } = leasesStage({ extend: async (leases) => leases.map(({ id }) => id !== 'a') });
    const [a, b] = [hold('a'), hold('b')];
    await clock.advance(10_000);
    expect([a.signal.aborted, b.signal.aborted]).toEqual([true, false]);
    expect(await a.settle({ outcome: 'done' })).toBe(false);
  });

  it.each([
    ['fails', () => Promise.reject(new StoreUnavailable('away'))],
    ['never answers', hang],
  ])('are given up at the moment at which they may have run out, when the broker %s', async (_, extend) => {
    const { clock, hold } = leasesStage({ extend });
    const held = hold();
    await clock.advance(29_999);
    expect(held.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(held.signal.aborted).toBe(true);
  });

  it('count from when lengthening was asked for, not from when it was answered', async () => {
    let asked = 0;
    const { clock, hold } = leasesStage({
      extend: async (leases) => {
        asked += 1;
        if (asked > 1) return hang();
        await clock.sleep(9_000);
        return leases.map(() => true);
      },
    });
    const held = hold();
    await clock.advance(39_999);
    expect(held.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(held.signal.aborted).toBe(true);
  });
});

describe('the end of a job', () => {
  it('is told until it is heard, while the lease is ours', async () => {
    let calls = 0;
    const { clock, hold } = leasesStage({
      settle: async (outcomes) => {
        calls += 1;
        if (calls < 5) throw new StoreUnavailable('away');
        return outcomes.map(() => true);
      },
    });
    const settled = watch(hold().settle({ outcome: 'done' }), clock);
    await pass(clock, 5_000);
    expect([settled.outcome?.startsWith('true@'), calls]).toEqual([true, 5]);
  });

  it('is told no longer than the lease lasts', async () => {
    const { clock, hold } = leasesStage({
      extend: hang,
      settle: () => Promise.reject(new StoreUnavailable('away')),
    });
    const settled = watch(hold().settle({ outcome: 'done' }), clock);
    await pass(clock, 31_000);
    expect(settled.outcome).toBe('false@30000');
  });

  it('is heard after calls that were never answered, also of others', async () => {
    let calls = 0;
    const { clock, hold } = leasesStage({
      settle: async (outcomes: readonly JobOutcome[]) => {
        calls += 1;
        return calls <= 2 ? hang() : outcomes.map(() => true);
      },
    });
    const one = watch(hold('a').settle({ outcome: 'done' }), clock);
    await quiet(clock);
    const two = watch(hold('b').settle({ outcome: 'done' }), clock);
    await pass(clock, 10_000);
    await quiet(clock);
    expect([one.outcome, two.outcome]).toEqual([
      expect.stringMatching(/^true@/),
      expect.stringMatching(/^true@/),
    ]);
  });

  it('that the broker refuses is not told again', async () => {
    let calls = 0;
    const { clock, hold } = leasesStage({
      settle: () => {
        calls += 1;
        return Promise.reject(new StoreFault('refused'));
      },
    });
    const settled = watch(hold().settle({ outcome: 'done' }), clock);
    await pass(clock, 10_000);
    expect([settled.outcome?.startsWith('false@'), calls]).toEqual([true, 1]);
  });

  it('leaves neither a timer nor a listener', async () => {
    const { clock, hold, leases, ending } = leasesStage({ settle: async (all) => all.map(() => true) });
    const { settle, signal } = hold();
    await settle({ outcome: 'done' });
    leases.close();
    expect(clock.pending).toBe(0);
    ending.abort();
    expect(signal.aborted).toBe(false);
  });
});
