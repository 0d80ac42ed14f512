import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Random enough that no salt and no slow hash is needed. The prefix lets scanners of leaked secrets recognise it. */
const tokenForm = /^parley_[\w-]{43}$/;

export function newToken(): string {
  return `parley_${randomBytes(32).toString('base64url')}`;
}

export function isToken(text: string): boolean {
  return tokenForm.test(text);
}

/** Without letters and digits that look alike: a code is read from one screen and typed on another. */
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Twelve letters, 58 bits: with ten minutes to live and few tries a second, nobody guesses one. */
export function newSetupCode(): string {
  const code = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
  return code.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** As it was meant, however it was typed. */
export function normalizeSetupCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** What is stored of a secret. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
