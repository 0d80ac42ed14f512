import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Latencies } from '../../src/load/latencies.ts';
import { openLoop } from '../../src/load/open-loop.ts';

async function percentilesOf(op: (i: number) => unknown, load: { perSecond: number; ms: number }) {
  const latencies = new Latencies();
  const count = await openLoop(op, { ...load, latencies });
  return { ...latencies.percentiles(), ...count };
}

function block(ms: number): void {
  for (let now = 0, until = performance.now() + ms; now < until;) now = performance.now();
}

describe('an open loop', () => {
  it('calls as often as the schedule says, with numbers that count up', async () => {
    const seen: number[] = [];
    const { calls, elapsedMs } = await percentilesOf((i) => seen.push(i), { perSecond: 500, ms: 100 });
    expect(calls).toBe(50);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i));
    // The last is due 98 ms after the first.
    expect(elapsedMs).toBeGreaterThanOrEqual(98);
  });

  it('counts the wait behind a call that blocks the process, for all that were due meanwhile', async () => {
    const stall = (i: number) => (i === 50 ? block(100) : undefined);
    const { p50, p90, p99, max } = await percentilesOf(stall, { perSecond: 1000, ms: 400 });
    // A hundred of four hundred calls came due during the stall; the first of them waited for nearly all of it.
    expect(max).toBeGreaterThanOrEqual(100);
    expect(p99).toBeGreaterThanOrEqual(90);
    expect(p90).toBeGreaterThanOrEqual(50);
    expect(p50).toBeLessThan(p90);
  });

  it('counts the wait in a queue inside the subject', async () => {
    let queue = Promise.resolve();
    const serial = (i: number) => (queue = queue.then(() => (i === 50 ? setTimeout(100) : undefined)));
    const { p99 } = await percentilesOf(serial, { perSecond: 1000, ms: 400 });
    expect(p99).toBeGreaterThanOrEqual(90);
  });

  it('does not wait for answers before it calls again', async () => {
    const gate = Promise.withResolvers<void>();
    const op = (i: number) => {
      if (i === 19) gate.resolve();
      return gate.promise;
    };
    const { calls, p50 } = await percentilesOf(op, { perSecond: 1000, ms: 20 });
    expect(calls).toBe(20);
    expect(p50).toBeGreaterThanOrEqual(8.9);
  });

  it('makes at least one call, however short the round', async () => {
    expect(await percentilesOf(() => 1, { perSecond: 1, ms: 5 })).toMatchObject({ calls: 1 });
  });

  it('lets answers come in although it is always late', async () => {
    let answered = 0;
    let mostOpen = 0;
    const op = async (i: number) => {
      mostOpen = Math.max(mostOpen, i - answered);
      await setImmediate();
      answered++;
    };
    await percentilesOf(op, { perSecond: 1_000_000, ms: 20 });
    expect(mostOpen).toBeLessThan(1000);
  });

  it('fails with the first failure and calls no more', async () => {
    let begun = 0;
    const op = async () => {
      if (++begun === 3) throw new Error('the third');
      await setImmediate();
    };
    await expect(percentilesOf(op, { perSecond: 1000, ms: 60_000 })).rejects.toThrow('the third');
    expect(begun).toBeLessThan(20);
  });

  it('gives up on a subject that falls behind without end, and says so', async () => {
    const never = new Promise(() => {});
    await expect(percentilesOf(() => never, { perSecond: 1e9, ms: 60_000 })).rejects.toThrow(
      'cannot keep up with 1000000000 calls a second',
    );
  });
});
