import type { Notice } from '@parley/cache-core';
import { decodeNotice } from './notice-codec.ts';

/** How far a topic has come. A new life begins when its table was emptied. */
export interface Position {
  readonly life: string;
  readonly position: number;
}

/**
 * Puts what a connection hears into the order in which it was sent, and finds out when something is missing. Until it is told where the
 * topic stands it keeps what it hears.
 */
export class NoticeStream {
  readonly #deliver: (notice: Notice) => void;
  readonly #broken: (why: string) => void;
  #at: Position | undefined;
  #early: string[] = [];

  constructor(deliver: (notice: Notice) => void, broken: (why: string) => void) {
    this.#deliver = deliver;
    this.#broken = broken;
  }

  /** Everything up to here is known to the one who asked. */
  begin(at: Position): void {
    this.#at = at;
    for (const payload of this.#early.splice(0)) this.hear(payload);
  }

  hear(payload: string): void {
    if (this.#at === undefined) {
      this.#early.push(payload);
      return;
    }
    const [life = '', digits = ''] = payload.split(' ', 2);
    const position = Number(digits);
    if (life === this.#at.life && position <= this.#at.position) return;
    if (life !== this.#at.life || position !== this.#at.position + 1) {
      this.#broken(`heard of notice ${position} after ${this.#at.position}`);
      return;
    }
    this.#at = { life, position };
    const notice = decodeNotice(payload.slice(life.length + digits.length + 2));
    if (notice === undefined) this.#broken(`notice ${position} cannot be read`);
    else this.#deliver(notice);
  }

  /** Whether everything up to there has been heard. */
  reached({ life, position }: Position): boolean {
    return this.#at?.life === life && this.#at.position >= position;
  }
}
