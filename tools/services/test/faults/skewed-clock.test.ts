import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { skewedClockEnv, spawnSkewed } from '../../src/faults/skewed-clock.ts';
import { until } from '../../src/until.ts';

// The first use may install the package.
vi.setConfig({ testTimeout: 120_000 });

const script = new URL('programs/tell-time.ts', import.meta.url);

async function tellTime(offsetMs: number): Promise<{ ahead: number; wall: number; monotonic: number }> {
  await using child = await spawnSkewed({ offsetMs, script, args: ['200'] });
  const before = Date.now();
  expect(await child.wait()).toEqual({ code: 0, signal: null });
  const told: { now: number; wall: number; monotonic: number } = JSON.parse(await child.output());
  return { ...told, ahead: told.now - before };
}

test.each([300_000, -86_400_000, 1_500])(
  'a clock that is %i ms ahead, while timers take their time',
  async (offsetMs) => {
    const { ahead, wall, monotonic } = await tellTime(offsetMs);
    expect(Math.abs(ahead - offsetMs)).toBeLessThan(10_000);
    expect(monotonic).toBeGreaterThanOrEqual(199);
    expect(monotonic).toBeLessThan(10_000);
    expect(Math.abs(wall - monotonic)).toBeLessThan(1_000);
  },
);

test('stop ends it and leaves nothing', async () => {
  const child = await spawnSkewed({ offsetMs: 1000, script, args: ['60000'] });
  await until(() => existsSync(`/proc/${child.pid}`), { what: 'the child runs' });
  await child.stop();
  await child.stop();
  expect(existsSync(`/proc/${child.pid}`)).toBe(false);
  await expect(child.output()).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an offset that is no number is refused', async () => {
  await expect(skewedClockEnv({ offsetMs: Number.NaN })).rejects.toThrow('offsetMs');
});
