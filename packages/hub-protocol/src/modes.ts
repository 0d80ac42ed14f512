import * as z from 'zod/mini';

/** An object that a client sends. A key that nobody knows is refused by its name: a slip of the pen must not be ignored in silence. */
export const sent = z.strictObject;

/** An object that a client receives. A key that a later version added is dropped, so that an older client lives with a newer hub. */
export const received = z.object;

/** One of several words that a client sends. */
export const oneOf = z.enum;

/**
 * One of several words that a client receives. A word that a later version added is read as `otherwise`, which should be the one that
 * promises least; anything but text is still an error.
 */
export function knownOr<const Word extends string>(words: readonly Word[], otherwise: NoInfer<Word>) {
  const known: ReadonlySet<unknown> = new Set(words);
  return z.pipe(
    z.transform((word: unknown) => (typeof word === 'string' && !known.has(word) ? otherwise : word)),
    z.enum(words),
  );
}
