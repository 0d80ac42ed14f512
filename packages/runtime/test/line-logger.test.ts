import { StoreUnavailable } from '@parley/cache-core/kernel';
import { lineLogger } from '@parley/runtime';
import { expect, it } from 'vitest';

function written(level?: 'debug' | 'info' | 'warn' | 'error') {
  const lines: string[] = [];
  return { lines, logger: lineLogger({ level, write: (line) => void lines.push(line) }) };
}

it('a line is JSON as pino writes it', () => {
  const { lines, logger } = written();
  logger.warn({ store: 'redis' }, 'it is away');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/\}\n$/);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 40,
    time: expect.any(Number),
    pid: process.pid,
    name: 'parley',
    store: 'redis',
    msg: 'it is away',
  });
});

it('warnings and errors are written, the rest where it is asked for', () => {
  const all = (level?: 'debug' | 'info'): number[] => {
    const { lines, logger } = written(level);
    logger.debug({}, 'd');
    logger.info({}, 'i');
    logger.warn({}, 'w');
    logger.error({}, 'e');
    return lines.map((line) => JSON.parse(line).level);
  };
  expect(all()).toEqual([40, 50]);
  expect(all('info')).toEqual([30, 40, 50]);
  expect(all('debug')).toEqual([20, 30, 40, 50]);
});

it('errors are told whole, credentials are not', () => {
  const { lines, logger } = written();
  const cause = Object.assign(new Error('connect to redis://u:hunter2@h failed'), { code: 'ECONNREFUSED' });
  logger.error({ error: new StoreUnavailable('away', { cause }), plain: cause, big: 5n }, 'm');
  const line: unknown = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({
    error: { code: 'STORE_UNAVAILABLE', cause: { code: 'ECONNREFUSED' } },
    plain: { type: 'Error', message: 'connect to redis://***@h failed', code: 'ECONNREFUSED' },
    big: '5',
  });
});
