import { expect, test } from 'vitest';
import { createLogger } from '../../src/http/logger.ts';

function logged(say: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  say(
    createLogger({ level: 'debug', format: 'text', to: { write: (line: string) => void lines.push(line) } }),
  );
  return lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, '').trimEnd());
}

test('a line says what happened, why, and to what', () => {
  const lines = logged((logger) => {
    logger.info({}, 'All is well');
    logger.warn({ error: new Error('it is away'), channelId: 'c1', tries: 2 }, 'A log could not be read');
    logger.debug({ a: { b: 1 }, none: undefined }, 'Seen');
  });
  expect(lines).toEqual([
    'info: All is well',
    'warning: A log could not be read: it is away (channelId=c1, tries=2)',
    'debug: Seen (a={"b":1})',
  ]);
});

test('an error tells where it happened', () => {
  const [line = ''] = logged((logger) => logger.error({ error: new TypeError('no such thing') }, 'A defect'));
  const [first, ...frames] = line.split('\n');
  expect(first).toBe('error: A defect: no such thing');
  expect(frames[0]).toMatch(/^ {4}at .*log-text\.test\.ts/);
});

test('secrets are hidden, and nothing that was sent looks like a line of its own', () => {
  const lines = logged((logger) => {
    logger.warn({ password: 'S1', error: new Error('postgres://me:S2@db is away') }, 'x');
    logger.warn({ route: 'a\n12:00:00 error: forged\u001b[2J' }, 'y');
  });
  for (const hidden of ['S1', 'S2', '\u001b']) expect(lines.join()).not.toContain(hidden);
  expect(lines[1]).toBe('warning: y (route=a 12:00:00 error: forged [2J)');
});
