import { systemClock } from './clock.ts';
import type { Clocked } from './clock.ts';
import { InvalidArgument } from './errors.ts';

export interface InstanceIdOptions extends Clocked {
  /**
   * What stands before the id and a dash, such as the name of the service: letters, digits, `_` and `-`.
   *
   * @default undefined
   */
  prefix?: string;
}

// Ascending in ASCII, so that text order is time order; without the letters that are mistaken for digits.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * An id for one instance of anything, usually of the process: 10 characters of time and 16 of randomness (80 bits), url-safe,
 * sorted by the millisecond of its making. A name given by hand is no substitute: replicas of one service share it.
 */
export function createInstanceId({ prefix, clock = systemClock }: InstanceIdOptions = {}): string {
  if (prefix !== undefined && !/^[\w-]{1,64}$/.test(prefix)) {
    throw new InvalidArgument('prefix', '1 to 64 letters, digits, "_" or "-"', prefix);
  }
  let time = '';
  for (let rest = Math.floor(clock.now()); time.length < 10; rest = Math.floor(rest / 32)) {
    time = alphabet.charAt(rest % 32) + time;
  }
  const random = crypto.getRandomValues(new Uint8Array(16));
  const id = time + Array.from(random, (byte) => alphabet.charAt(byte % 32)).join('');
  return prefix === undefined ? id : `${prefix}-${id}`;
}
