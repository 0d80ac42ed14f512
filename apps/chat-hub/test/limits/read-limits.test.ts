import { expect, test } from 'vitest';
import { standardLimits } from '../../src/limits/limit-names.ts';
import { readLimits } from '../../src/limits/read-limits.ts';

test('what is not named stays as it is', () => {
  expect(readLimits('message.agent=5')).toEqual({ ...standardLimits, 'message.agent': 5 });
  expect(readLimits(' message = 7 , message.admin=off,sign-in=3')).toEqual({
    ...standardLimits,
    'message.person': 7,
    'message.agent': 7,
    'message.admin': 'off',
    'sign-in': 3,
  });
});

test('off alone is all of it', () => {
  expect(new Set(Object.values(readLimits('off') ?? {}))).toEqual(new Set(['off']));
});

test.each([
  '',
  'message',
  'message=',
  'message=0',
  'message=-1',
  'message=1.5',
  'message=1000001',
  'sing-in=3',
  'messag=3',
  'off,message=3',
  'message.=3',
  '=3',
])('%o is refused', (text) => {
  expect(readLimits(text)).toBeUndefined();
});
