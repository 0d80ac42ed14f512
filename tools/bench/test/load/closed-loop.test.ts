import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { closedLoop } from '../../src/load/closed-loop.ts';
import { Latencies } from '../../src/load/latencies.ts';

describe.each([
  { name: 'without latencies', latencies: () => undefined },
  { name: 'with latencies', latencies: () => new Latencies() },
])('a closed loop $name', ({ latencies }) => {
  it('keeps the wanted number of calls in flight, and no more', async () => {
    let inFlight = 0;
    const seen = new Set<number>();
    const op = async () => {
      seen.add(++inFlight);
      await setImmediate();
      inFlight--;
    };
    await closedLoop(op, { inFlight: 7, ms: 20, latencies: latencies() });
    expect(Math.max(...seen)).toBe(7);
    expect(inFlight).toBe(0);
  });

  it('counts what has ended, with numbers that count up', async () => {
    const seen: number[] = [];
    const op = async (i: number) => {
      seen.push(i);
      await setImmediate();
    };
    const { calls, elapsedMs } = await closedLoop(op, { inFlight: 3, ms: 10, latencies: latencies() });
    expect(seen).toEqual(Array.from({ length: calls }, (_, i) => i));
    expect(elapsedMs).toBeGreaterThanOrEqual(9);
  });

  it('ends although the work never gives the event loop a turn', async () => {
    const { calls } = await closedLoop(() => Promise.resolve(), {
      inFlight: 2,
      ms: 10,
      latencies: latencies(),
    });
    expect(calls).toBeGreaterThan(0);
  });

  it('ends although the work is slower than the round', async () => {
    const { calls } = await closedLoop(() => setTimeout(30), { inFlight: 4, ms: 1, latencies: latencies() });
    expect(calls).toBe(4);
  });

  it('stops all callers when one fails', async () => {
    let begun = 0;
    const op = async (i: number) => {
      begun++;
      await setImmediate();
      if (i === 5) throw new Error('the fifth');
    };
    await expect(closedLoop(op, { inFlight: 3, ms: 60_000, latencies: latencies() })).rejects.toThrow(
      'the fifth',
    );
    const then = begun;
    await setImmediate();
    await setImmediate();
    expect(begun).toBeLessThanOrEqual(then + 2);
  });
});
