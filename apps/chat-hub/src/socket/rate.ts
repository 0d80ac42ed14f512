/** So many frames a second, and so many at once after a pause. */
export class FrameRate {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at = -Infinity;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
  }

  take(now: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
