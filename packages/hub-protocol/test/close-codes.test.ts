import { afterClose, closeCodes } from '@parley/hub-protocol';
import { expect, it } from 'vitest';

it('each code of a close stands for one reason', () => {
  const codes = Object.values(closeCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

it('a client knows what to do about every close', () => {
  expect(afterClose(4401)).toBe('sign-in');
  expect(afterClose(4409)).toBe('stop');
  expect(afterClose(1009)).toBe('stop');
  expect(afterClose(1012)).toBe('move');
  expect(afterClose(1006)).toBe('retry');
});
