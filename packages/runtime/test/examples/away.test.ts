import { freePort } from '@parley/services';
import { expect, it, vi } from 'vitest';
import { openParley } from '@parley/runtime';

it('starts without Redis, and says so', async () => {
  const port = await freePort();
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  // #region away
  const env = { NODE_ENV: 'production', REDIS_URL: `redis://127.0.0.1:${port}` };
  await using parley = await openParley(env, { logger });

  expect(await parley.cache.get('greeting', () => 'hello')).toBe('hello');

  const { status, checks } = await parley.health();
  expect(status).toBe('degraded');
  expect(checks?.['cache']?.checks?.['store']?.details?.['error']).toMatch(/ECONNREFUSED/);
  // #endregion away
  expect(logger.warn).toHaveBeenCalledWith(
    expect.anything(),
    'The store does not answer; starting without it',
  );
});
