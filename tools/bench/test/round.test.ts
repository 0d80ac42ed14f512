import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runRound } from '../src/round.ts';
import type { Load, Work } from '../src/scenario.ts';

const plan = { ms: 40, warmUpMs: 4, serverPids: [] };

function roundOf(load: Load, op: Work['op']) {
  return runRound(load, { op }, plan);
}

describe('a round', () => {
  it.each<Load>([{ kind: 'loop' }, { kind: 'closed', inFlight: 1 }])(
    'of a $kind load counts calls per second',
    async (load) => {
      const { value, figures } = await roundOf(load, () => 1);
      expect(value).toBeGreaterThan(0);
      expect(figures).toMatchObject({ opsPerSecond: value, cpuSeconds: expect.any(Number) });
    },
  );

  it('counts by CPU time where it is told to', async () => {
    const load: Load = { kind: 'closed', inFlight: 1, per: 'cpuSecond' };
    const { value, figures } = await roundOf(load, () => setTimeout(5));
    expect(value).toBe(figures['opsPerCpuSecond']);
    expect(value).not.toBe(figures['opsPerSecond']);
  });

  it.each<Load>([
    { kind: 'closed', inFlight: 1, report: 'p50' },
    { kind: 'open', perSecond: 100, report: 'p50' },
  ])('of a $kind load reports the percentile that it is asked for, and tells all', async (load) => {
    const { value, figures } = await roundOf(load, () => setTimeout(5));
    expect(value).toBe(figures['p50']);
    // A timer of Node may be early by a fraction of a millisecond.
    expect(value).toBeGreaterThanOrEqual(4);
    expect(Object.keys(figures)).toEqual(
      expect.arrayContaining(['p90', 'p99', 'p99.9', 'max', 'opsPerSecond']),
    );
  });

  it('of an open load tells the 99th percentile unless asked for another', async () => {
    const { value, figures } = await roundOf({ kind: 'open', perSecond: 500 }, (i) => setTimeout(i % 10));
    expect(value).toBe(figures['p99']);
    expect(figures).not.toHaveProperty('cpuSeconds');
  });

  it('leaves what warms up out of the figures', async () => {
    const seen: number[] = [];
    await roundOf({ kind: 'open', perSecond: 1000 }, (i) => seen.push(i));
    expect(seen.filter((i) => i === 0)).toHaveLength(2);
    expect(seen).toHaveLength(4 + 40);
  });

  it('asks the work for its own figures when it is over', async () => {
    let calls = 0;
    const work: Work = { op: () => ++calls, figures: () => ({ calls }) };
    expect(await runRound({ kind: 'measure' }, work, plan)).toMatchObject({
      value: 1,
      figures: { calls: 1 },
    });
  });

  it('fails on a figure that is no number', async () => {
    const work: Work = { op: () => 1, figures: () => ({ share: 0 / 0 }) };
    await expect(runRound({ kind: 'measure' }, work, plan)).rejects.toThrow('share is NaN');
  });
});
