import { isParleyError } from '@parley/cache-core/kernel';
import { diagnose } from './sqlstate.ts';

export interface Address {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/**
 * The servers of which one is the primary, and the one that is taken for it: all connections go there until one cannot be made, then to the
 * next. It does not go back by itself: the one that was left is at best a standby by then.
 */
export class Servers {
  readonly #all: readonly Address[];
  #current: Address;

  constructor(first: Address, others: readonly Address[]) {
    this.#current = first;
    this.#all = [first, ...others];
  }

  get count(): number {
    return this.#all.length;
  }

  get current(): Address {
    return this.#current;
  }

  /**
   * A connection to one of them did not come about. Answers whether trying again makes sense; of several who are told no by the same one
   * the first goes on to the next.
   */
  leave(from: Address, error: unknown): boolean {
    if (this.count === 1 || !mayBeElsewhere(error)) return false;
    const next = this.#all[(this.#all.indexOf(from) + 1) % this.count];
    if (this.#current === from && next !== undefined && !wasCrowded(error)) this.#current = next;
    return true;
  }
}

/** A wrong password, or a server that takes nobody more, would be the same elsewhere, or hide that something is wrong here. */
function mayBeElsewhere(error: unknown): boolean {
  if (isParleyError(error)) return isParleyError(error, 'STORE_UNAVAILABLE');
  const { heals, breaksConnection } = diagnose(error);
  return heals && breaksConnection;
}

/** All connections were lent out: that says nothing of the server. */
function wasCrowded(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}
