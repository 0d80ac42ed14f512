import { createHash, randomBytes } from 'node:crypto';

/** As many tries as make it certain to find an id of a given place among a few dozen. */
const maxTries = 100_000;

/** What the bearer of a session shows: 256 random bits. */
export const newBearerId = (): string => randomBytes(32).toString('base64url');

/** What is told to the store of it. From this nobody can make the former. */
export const digestOf = (bearerId: string): string =>
  createHash('sha256').update(bearerId).digest('base64url');

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
