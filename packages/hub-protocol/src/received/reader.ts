import { invalid } from '../issues.ts';

/**
 * Makes of something that came as JSON what it should be, or refuses it. Clients read with these what a hub sends: they let through what the
 * schemas let through, and take a tenth of their code. `test/received` holds them to the schemas.
 */
export type Reader<T> = (value: unknown) => T;

/** Where the fault is, gathered on the way out. Only {@link readReceived} sees it. */
class Mismatch extends Error {
  readonly path: PropertyKey[] = [];
}

/**
 * What the hub sent, once it is known to be what the reader says.
 *
 * @throws {HubError} `INVALID`, naming the field and never its value
 */
export function readReceived<T>(read: Reader<T>, value: unknown): T {
  try {
    return read(value);
  } catch (error) {
    throw error instanceof Mismatch ? invalid(error.path, error.message) : error;
  }
}

/** @param expected completes `<field> must ...` */
function refuse(expected: string): never {
  throw new Mismatch(expected);
}

function within<T>(key: PropertyKey, read: Reader<T>, value: unknown): T {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Mismatch) error.path.unshift(key);
    throw error;
  }
}

export const text: Reader<string> = (value) => (typeof value === 'string' ? value : refuse('be a string'));

export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : refuse('be a boolean'));

export const number: Reader<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse('be a number');

export const whole: Reader<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : refuse('be a whole number');

/** From 0 on: numbers of a log, and times. */
export const count: Reader<number> = (value) => {
  const number = whole(value);
  return number >= 0 ? number : refuse('be at least 0');
};

export const anything: Reader<unknown> = (value) => value;

/** Text of this form. */
export function form(pattern: RegExp, expected: string): Reader<string> {
  return (value) => (pattern.test(text(value)) ? text(value) : refuse(expected));
}

/** One of several words; a word that a later version added is read as `otherwise`. */
export function word<const Word extends string>(
  words: readonly Word[],
  otherwise: NoInfer<Word>,
): Reader<Word> {
  return (value) => {
    const given = text(value);
    return words.find((known) => known === given) ?? otherwise;
  };
}

export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value));
}

/** For a field that may be missing. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value));
}

export function list<T>(read: Reader<T>): Reader<T[]> {
  return (value) =>
    Array.isArray(value) ? value.map((item, at) => within(at, read, item)) : refuse('be an array');
}

/** Whatever keys there are, but for the one that would change a prototype. */
export function record<T>(read: Reader<T>): Reader<Record<string, T>> {
  return (value) =>
    Object.fromEntries(
      Object.entries(plain(value)).flatMap(([key, part]) =>
        key === '__proto__' ? [] : [[key, within(key, read, part)]],
      ),
    );
}

/** An object with these fields; others, which a later version may have added, are dropped. */
export function object<T extends object>(fields: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(fields);
  return (value) => {
    const given = plain(value);
    const made: Record<string, unknown> = {};
    for (const [key, read] of readers) {
      const part = within(key, read, given[key]);
      if (part !== undefined) made[key] = part;
    }
    // Each field of it was made by the reader that makes what the type says.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return made as T;
  };
}

/** An object that is none of an array: with fields of whatever kind. */
function plain(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('be an object');
  // What any object is to those who look at its fields.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as Readonly<Record<string, unknown>>;
}
