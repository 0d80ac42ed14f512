import type { Clock } from '@parley/cache-core/kernel';
import { Tries } from './tries.ts';

/**
 * Holds up whoever guesses. One address is held up soon for one handle, later for all that it tries; a handle is only held up for everybody when
 * many addresses try it, so that nobody locks somebody else out from a single one.
 */
export class Guesses {
  readonly #pairs: Tries;
  readonly #addresses: Tries;
  readonly #handles: Tries;

  constructor(clock: Clock) {
    this.#pairs = new Tries({ burst: 10, everyMs: 30_000, clock });
    this.#addresses = new Tries({ burst: 60, everyMs: 2_000, clock });
    this.#handles = new Tries({ burst: 100, everyMs: 3_000, clock });
  }

  /** @throws {HubError} `RATE_LIMITED` */
  ofPassword(handle: string, address: string): void {
    this.#pairs.take(pair(handle, address));
    this.#addresses.take(address);
    this.#handles.take(handle);
  }

  right(handle: string, address: string): void {
    this.#pairs.forget(pair(handle, address));
  }

  /** @throws {HubError} `RATE_LIMITED` */
  ofCode(address: string): void {
    this.#addresses.take(address);
  }
}

function pair(handle: string, address: string): string {
  return `${handle} ${address}`;
}
