import { defineSignal, safeCall, type TelemetrySignal } from './kernel/telemetry.ts';
import type { CacheEvent, CachePolicy } from './policy.ts';

/** Everything that caches of this process do, hits excepted: for tracing and metrics. */
export const cacheSignal: TelemetrySignal<CacheEvent> = /* @__PURE__ */ defineSignal('parley:cache');

type Listener = (event: CacheEvent) => void;

/** Who hears of what a cache does. */
export class CacheEvents {
  readonly #listeners = new Set<Listener>();

  constructor(policies: readonly CachePolicy[]) {
    for (const policy of policies) {
      if (policy.observe !== undefined) this.#listeners.add((event) => policy.observe?.(event));
    }
  }

  /** Ask before making an event, so that one that nobody hears costs nothing. */
  get heard(): boolean {
    return this.#listeners.size > 0 || cacheSignal.active;
  }

  emit(event: CacheEvent): void {
    for (const listener of this.#listeners) safeCall('cache listener', listener, event);
    cacheSignal.emit(event);
  }

  on(listener: Listener): () => void {
    const own: Listener = (event) => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}
