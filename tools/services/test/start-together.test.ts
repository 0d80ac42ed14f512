import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startRedis } from '../src/redis.ts';
import { startTogether } from '../src/start-together.ts';
import { isRunning } from './support/owners.ts';

test('when one cannot start, those that could are stopped and the reason is told', async () => {
  const good = startRedis();
  const bad = startRedis({ config: { 'no-such-directive': '1' } });
  await expect(startTogether([good, bad])).rejects.toThrow(/no-such-directive/);
  const { pid, folder } = await good;
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});
