import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { launchHub } from '../support/hub-process.ts';

test('--demo says what it is and where, and ends in order', { timeout: 180_000 }, async () => {
  const hub = await launchHub({ HUB_PORT: '0' }, ['--demo']);
  await until(async () => (await hub.output()).includes('Ctrl+C'), {
    what: 'the demo is ready',
    deadline: 120_000,
    process: hub,
  });
  const output = await hub.output();
  expect(output).toMatch(/^Parley demo is ready: http/m);
  expect(output).toContain('twelve agents live here, and all of them follow a script');
  expect(output).toContain('#setup=');
  expect(output).toContain('Nothing is kept');
  await hub.end('SIGTERM', 40_000);
  expect((await hub.exited).code).toBe(0);
});
