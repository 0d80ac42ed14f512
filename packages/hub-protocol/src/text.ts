import * as z from 'zod/mini';
import { maxLength, minLength } from './lengths.ts';
import { findUnsafe } from './safe-json.ts';
import { limits } from './limits.ts';

/** Text that a client sends, with at least `min` and at most `max` characters. */
export function text(max: number, min = 0) {
  return z.string().check(minLength(min), maxLength(max));
}

/** Text that is not blank. */
export function name(max: number) {
  return z.string().check(maxLength(max), z.regex(/\S/, { error: 'contain more than blanks' }));
}

/** Bytes of a value written as JSON in UTF-8. */
function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

// No character takes more than six bytes in JSON, so that short text need not be encoded to be measured.
const surelyFits = Math.floor((limits.contentBytes - 2) / 6);

const contentFits = z.refine<string>(
  (text) => text.length <= surelyFits || jsonBytes(text) <= limits.contentBytes,
  {
    error: `take at most ${limits.contentBytes} bytes as JSON`,
  },
);

/** What a message says. It may be blank only while it is streamed. */
export const contentSchema = z
  .string()
  .check(maxLength(limits.content), z.regex(/\S/, { error: 'contain more than blanks' }), contentFits);

/** What a message says that is still being streamed: it may begin with nothing. */
export const openContentSchema = z.string().check(maxLength(limits.content), contentFits);

/** The payload of custom and collaboration events: an object of whatever the parties agreed on. */
export const dataSchema = z.record(z.string(), z.unknown()).check(
  z.refine((data) => findUnsafe(data, limits.dataDepth) === undefined, {
    error: `be nested at most ${limits.dataDepth} levels deep`,
    abort: true,
  }),
  z.refine((data) => jsonBytes(data) <= limits.dataBytes, {
    error: `take at most ${limits.dataBytes} bytes as JSON`,
  }),
);
