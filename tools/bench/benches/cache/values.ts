import { isDeepStrictEqual } from 'node:util';

/** Sizes of the values as JSON, and the ending of the scenario's id. */
export const sizes = [
  { bytes: 200, ending: '' },
  { bytes: 1024, ending: '-1k' },
] as const;

/** Like a row of a table: a few short fields and a text that fills it up. */
export function valueOf(i: number, bytes: number): Record<string, unknown> {
  const value = {
    id: i,
    name: `User number ${i}`,
    email: `user${i}@example.com`,
    active: i % 2 === 0,
    score: i * 1.5,
    roles: ['reader', 'writer'],
    about: '',
  };
  const missing = Math.max(0, bytes - JSON.stringify(value).length);
  return { ...value, about: 'lorem ipsum '.repeat(Math.ceil(missing / 12)).slice(0, missing) };
}

export const keysOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `user:${i}`);

/** What is fast because it answers wrongly is not measured. */
export function mustEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected))
    throw new Error(`the value came back as ${JSON.stringify(actual)?.slice(0, 200)}`);
}
