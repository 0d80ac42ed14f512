import { anySignal } from '../kernel/abort.ts';
import type { LinkedSignal } from '../kernel/abort.ts';
import { InvalidArgument } from '../kernel/errors.ts';
import type { LockLost } from './errors.ts';
import type { Lock } from './lock.ts';

/** Several locks that are held together: lost as soon as one of them is. */
export class LockGroup implements AsyncDisposable {
  /** In the order in which they were taken. */
  readonly locks: readonly Lock[];
  /** The fence of each key. */
  readonly fences: ReadonlyMap<string, number>;
  readonly #linked: LinkedSignal;

  constructor(locks: readonly Lock[]) {
    this.locks = locks;
    this.fences = new Map(locks.map(({ key, fence }) => [key, fence]));
    this.#linked = anySignal(locks.map(({ signal }) => signal));
  }

  get keys(): readonly string[] {
    return [...this.fences.keys()];
  }

  /** Aborted with the `LockLost` of the first one that was lost. */
  get signal(): AbortSignal {
    return this.#linked.signal;
  }

  get held(): boolean {
    return this.locks.every(({ held }) => held);
  }

  get lost(): LockLost | undefined {
    return this.locks.find(({ lost }) => lost !== undefined)?.lost;
  }

  fenceOf(key: string): number {
    const fence = this.fences.get(key);
    if (fence === undefined) throw new InvalidArgument('key', 'one of those that were locked', key);
    return fence;
  }

  requireHeld(): void {
    for (const lock of this.locks) lock.requireHeld();
  }

  async extend(): Promise<void> {
    await Promise.all(this.locks.map((lock) => lock.extend()));
  }

  /** Lets all of them go; tells whether all were held until now. Never rejects. */
  async release(): Promise<boolean> {
    this.#linked.dispose();
    const held = await Promise.all(this.locks.map((lock) => lock.release()));
    return held.every(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}
