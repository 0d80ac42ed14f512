import * as z from 'zod/mini';
import { maxLength } from './lengths.ts';
import { limits } from './limits.ts';

// Signs that turn the direction of writing make `exe.png` of `gnp.exe`.
const plain = /^(?!\.{1,2}$)(?=[^]*\S)[^/\\\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/u;

/** A name as it may be shown and saved under: no path, nothing that is not seen. */
export const fileNameSchema = z.string().check(
  maxLength(limits.fileName),
  z.regex(plain, {
    error: 'be a name without slashes and control characters',
  }),
);
