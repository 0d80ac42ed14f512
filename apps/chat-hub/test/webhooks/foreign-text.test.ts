import { limits } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { contentOf } from '../../src/webhooks/foreign-text.ts';

/** In milliseconds of this process, so that others on the machine do not count. */
function worked(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test('what begins a thousand links and ends none is gone through once', () => {
  const most = 5 * limits.content;
  for (const part of ['<http:a', '<http:a|', '<!here|']) {
    const text = part.repeat(Math.floor(most / part.length));
    const refused = () => expect(() => contentOf({ text })).toThrow('at most');
    expect(worked(refused)).toBeLessThan(1_000);
  }
});

test('what is much too long is not looked at, and what gets short enough is taken', () => {
  const text = '&amp;'.repeat(limits.content);
  expect(contentOf({ text })).toBe('&'.repeat(limits.content));
  expect(() => contentOf({ text: `${text}x` })).toThrow('at most');
});
