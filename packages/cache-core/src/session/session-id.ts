import { createHash, randomBytes } from 'node:crypto';

/** As many tries as make it certain to find an id of a given place among a few dozen. */
const maxTries = 100_000;

/** What the bearer of a session shows: 256 random bits. */
export const newBearerId = (): string => randomBytes(32).toString('base64url');

/** What is told to the store of it. From this nobody can make the former. */
export const digestOf = (bearerId: string): string =>
  createHash('sha256').update(bearerId).digest('base64url');

/** How the base64url of 256 bits ends, and what it is marked with as a handle: none of the former is one of the latter. */
const ends = 'AEIMQUYcgkosw048';
const marks = 'BFJNRVZdhlptx159';

/** What a user may be told of a digest. It cannot be mistaken for a bearer id, which is as long. */
export const handleOf = (digest: string): string =>
  digest.slice(0, -1) + marks.charAt(ends.indexOf(digest.slice(-1)));

/** Undefined: it is no handle. */
export function digestOfHandle(handle: string): string | undefined {
  const end = ends.charAt(marks.indexOf(handle.slice(-1)));
  return end === '' ? undefined : handle.slice(0, -1) + end;
}

/** For versions and tokens: never the same twice. */
export const newToken = (): string => randomBytes(12).toString('base64url');

/** A new id that the store keeps where it keeps another one. */
export function newBearerIdIn(place: number, placeOf: (digest: string) => number): string {
  for (let i = 0; i < maxTries; i++) {
    const id = newBearerId();
    if (placeOf(digestOf(id)) === place) return id;
  }
  throw new TypeError('no id is of this place');
}
