import { expect, test } from 'vitest';
import { Attempt } from '../src/attempt.ts';

test('a signal that is asked for is aborted with the reason when the call is given up, also when it is asked for later', () => {
  const reason = new Error('too late');
  const [early, late] = [new Attempt(['x'], 1), new Attempt(['y'], 1)];
  const { signal } = early;
  expect(signal.aborted).toBe(false);
  early.giveUp(reason);
  late.giveUp(reason);
  expect([signal.reason, late.signal.reason]).toEqual([reason, reason]);
  expect(early.signal).toBe(signal);
});
