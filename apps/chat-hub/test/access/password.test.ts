import { describe, expect, test } from 'vitest';
import { checkPassword, hashPassword } from '../../src/access/password.ts';

describe('a stored password', () => {
  test('fits the one it was made of, and no other', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).not.toContain('correct horse');
    expect(await checkPassword('correct horse', stored)).toBe(true);
    expect(await checkPassword('correct horsf', stored)).toBe(false);
    expect(await checkPassword('', stored)).toBe(false);
  });

  test('is another one for each who chooses the same', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  test('fits however its letters were typed', async () => {
    expect(await checkPassword('Zoe\u0308', await hashPassword('Zo\u00eb'))).toBe(true);
  });

  test('keeps its cost: one that was made cheaper still fits', async () => {
    // N = 1,024, made by this very function with another cost.
    const old = 'scrypt$1024$8$1$AAAAAAAAAAAAAAAAAAAAAA$6woXIUWsIBcwkU-ZJDYplMpgGqJNV543jTO9NDtFT7U';
    expect(await checkPassword('old times', old)).toBe(true);
  });

  test('of nobody fits nothing', async () => {
    expect(await checkPassword('anything', undefined)).toBe(false);
  });
});
