import { InvalidArgument } from './errors.ts';

export interface KeyOptions {
  /**
   * What the key is called in error messages.
   *
   * @default 'key'
   */
  field?: string;

  /**
   * How many bytes of UTF-8 it may have.
   *
   * @default 1_024
   */
  maxBytes?: number;
}

/**
 * Returns the key as it is, or throws {@link InvalidArgument}: keys are refused, never altered, since an altered key may be
 * somebody else's.
 *
 * Legal is text that is not empty, not too long, well formed (no lone surrogates, which stores cannot tell apart), and free
 * of control characters. Everything else is only text: `*`, `%`, `_`, `\`, `:` and `__proto__` mean nothing here.
 */
export function requireKey(key: unknown, options: KeyOptions = {}): string {
  const { field = 'key', maxBytes = 1_024 } = options;
  if (typeof key !== 'string') throw new InvalidArgument(field, 'a string', key);
  if (key === '') throw new InvalidArgument(field, 'not empty', key);
  // No unit has less than one byte: what is too long already is not read.
  if (key.length > maxBytes) throw new InvalidArgument(field, `at most ${maxBytes} bytes of UTF-8`, key);
  let bytes = key.length;
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    if (unit >= 0x20 && unit < 0x7f) continue;
    if (unit < 0xa0) throw new InvalidArgument(field, 'free of control characters', key);
    // A surrogate pair has four bytes, which its two units share.
    bytes += unit < 0x8_00 || (unit >= 0xd8_00 && unit < 0xe0_00) ? 1 : 2;
  }
  if (bytes > key.length && !key.isWellFormed()) throw new InvalidArgument(field, 'well-formed Unicode', key);
  if (bytes > maxBytes) throw new InvalidArgument(field, `at most ${maxBytes} bytes of UTF-8`, key);
  return key;
}

/**
 * One key of several parts, so that different lists of parts never give the same key: the parts are joined by `:`, and a `:`
 * or `%` within a part is written as `%3A` or `%25`. Parts may be empty, the list may not.
 */
export function joinKey(parts: readonly [string, ...string[]], options: KeyOptions = {}): string {
  return requireKey(parts.map(encodePart).join(':'), options);
}

/** The parts of a key that {@link joinKey} made. */
export function splitKey(key: string): string[] {
  return key.split(':').map((part) => part.replaceAll('%3A', ':').replaceAll('%25', '%'));
}

function encodePart(part: string): string {
  return /[%:]/.test(part) ? part.replaceAll('%', '%25').replaceAll(':', '%3A') : part;
}
