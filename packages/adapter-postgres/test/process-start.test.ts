import { expect, test } from 'vitest';
import { processStart, sameStart } from '../src/process-start.ts';
import { startChild } from './support/child.ts';

test('a process has one beginning, another process another, and a dead one none', async () => {
  const own = await processStart(process.pid);
  expect(own).toBeDefined();
  expect(await processStart(process.pid)).toBe(own);
  const child = startChild('locking.ts', ['nowhere']);
  await child.line();
  const theirs = await processStart(child.pid);
  expect(theirs).toBeDefined();
  expect(theirs).not.toBe(own);
  await child[Symbol.asyncDispose]();
  expect(await processStart(child.pid)).toBeUndefined();
});

test('where the platform does not tell, any process of that number may be the one', () => {
  expect(sameStart('a', 'a')).toBe(true);
  expect(sameStart('a', 'b')).toBe(false);
  expect(sameStart('unknown', 'b')).toBe(true);
  expect(sameStart('a', 'unknown')).toBe(true);
});
