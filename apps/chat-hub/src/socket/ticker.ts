import type { Clock } from '@parley/cache-core/kernel';
import { FrameEncoder } from './encode.ts';

/** Something that has frames to write. */
export interface Flushed {
  readonly flush: (encoder: FrameEncoder) => void;
}

/** After writing it rests for so many times as long as that took, so that writing leaves most of the time to everything else. */
const restTimes = 3;
/** Nobody waits longer than this. */
const maxRestMs = 8;
/** Timers are no finer; with few sockets it does not rest at all. */
const minRestMs = 1;

/**
 * Writes together what was said to many sockets. What costs is the call for each socket, and hardly what is in it: a node that is at rest writes
 * at the end of the turn, and one that has much to write gathers a little longer, so that more goes into each call.
 */
export class Ticker {
  readonly #clock: Clock;
  #dirty = new Set<Flushed>();
  #notBefore = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(outlet: Flushed): void {
    if (this.#dirty.size === 0) this.#schedule();
    this.#dirty.add(outlet);
  }

  #schedule(): void {
    const restMs = this.#notBefore - this.#clock.monotonic();
    if (restMs < minRestMs) setImmediate(() => this.#flush());
    else this.#clock.timer(restMs, () => this.#flush());
  }

  #flush(): void {
    const outlets = this.#dirty;
    this.#dirty = new Set();
    const encoder = new FrameEncoder();
    const began = this.#clock.monotonic();
    for (const outlet of outlets) outlet.flush(encoder);
    const ended = this.#clock.monotonic();
    this.#notBefore = ended + Math.min(maxRestMs, (ended - began) * restTimes);
  }
}
