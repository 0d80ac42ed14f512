import type { Clock, Timer } from '@parley/cache-core/kernel';

/** Moments so close to one another are one. */
const grainMs = 20;
/** What is due later is found by those who look now and then. */
const furthestMs = 86_400_000;
const mostPerQueue = 256;

/** Says when jobs that were told of beforehand become due. */
export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (queue: string) => void;
  readonly #queues = new Map<string, { readonly moments: Set<number>; timer: Timer | undefined }>();

  constructor(clock: Clock, ring: (queue: string) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** At once, or after so many ms. */
  set(queue: string, afterMs: number): void {
    if (afterMs <= 0) return this.#ring(queue);
    if (afterMs > furthestMs) return;
    const known = this.#queues.get(queue) ?? { moments: new Set(), timer: undefined };
    this.#queues.set(queue, known);
    known.moments.add(Math.ceil((this.#clock.monotonic() + afterMs) / grainMs) * grainMs);
    if (known.moments.size > mostPerQueue) known.moments.delete(Math.max(...known.moments));
    this.#arm(queue);
  }

  forget(queue: string): void {
    this.#queues.get(queue)?.timer?.cancel();
    this.#queues.delete(queue);
  }

  clear(): void {
    for (const queue of this.#queues.keys()) this.forget(queue);
  }

  #arm(queue: string): void {
    const known = this.#queues.get(queue);
    if (known === undefined) return;
    known.timer?.cancel();
    if (known.moments.size === 0) {
      this.#queues.delete(queue);
      return;
    }
    const next = Math.min(...known.moments);
    known.timer = this.#clock.timer(Math.max(1, next - this.#clock.monotonic()), () => this.#due(queue), {
      unref: true,
    });
  }

  #due(queue: string): void {
    const now = this.#clock.monotonic();
    const { moments } = this.#queues.get(queue) ?? {};
    if (moments === undefined) return;
    const before = moments.size;
    for (const moment of moments) if (moment <= now) moments.delete(moment);
    // Timers may fire a little early.
    if (moments.size < before) this.#ring(queue);
    this.#arm(queue);
  }
}
