import { listenerErrors, safeLogger, silentLogger } from '@parley/cache-core/kernel';
import type { Logger } from '@parley/cache-core/kernel';
import { expect, expectTypeOf, it } from 'vitest';

/** The shape of a pino 10 log method, as its types declare it. */
interface PinoLike {
  (fields: object, message?: string, ...args: unknown[]): void;
  (fields: unknown, message?: string, ...args: unknown[]): void;
  (message: string, ...args: unknown[]): void;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

it('fits pino and the console', () => {
  expectTypeOf<Record<(typeof levels)[number], PinoLike>>().toExtend<Logger>();
  expectTypeOf<Console>().toExtend<Logger>();
  expectTypeOf<Record<'debug' | 'info' | 'warn', PinoLike>>().not.toExtend<Logger>();
  for (const level of levels) expect(silentLogger[level]({}, 'unheard')).toBeUndefined();
});

it('guards a logger that throws, keeps its this, and tells of the failure', () => {
  const told: string[] = [];
  const stop = listenerErrors.subscribe(({ listener }) => told.push(listener));
  class Recorder implements Logger {
    readonly lines: unknown[] = [];
    debug(fields: object, message: string): void {
      this.lines.push([fields, message]);
    }
    info(fields: object, message: string): void {
      this.debug(fields, message);
    }
    warn(): void {
      throw new Error('disk full');
    }
    error(): void {
      throw new Error('disk full');
    }
  }
  const recorder = new Recorder();
  const logger = safeLogger(recorder);
  for (const level of levels) logger[level]({ level }, 'hello');
  stop();
  expect(recorder.lines).toEqual([
    [{ level: 'debug' }, 'hello'],
    [{ level: 'info' }, 'hello'],
  ]);
  expect(told).toEqual(['logger.warn', 'logger.error']);
});
