import { expect, test } from 'vitest';
import { hashOf, isToken, newSetupCode, newToken, normalizeSetupCode } from '../../src/access/secrets.ts';

test('a token is recognised by its form, and two are never the same', () => {
  expect(isToken(newToken())).toBe(true);
  expect(newToken()).not.toBe(newToken());
  for (const text of ['', 'parley_', 'parley_short', `${newToken()}x`, `x${newToken()}`])
    expect(isToken(text)).toBe(false);
});

test('a code is taken however it is typed', () => {
  const code = newSetupCode();
  expect(code).toMatch(/^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$/);
  expect(normalizeSetupCode(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(code);
});

test('what is stored of a secret does not tell it', () => {
  const token = newToken();
  expect(hashOf(token)).toEqual(hashOf(token));
  expect(hashOf(token).toString('latin1')).not.toContain(token);
});
