import { withDeadline } from '@parley/cache-core/kernel';
import type { Abortable, Clock } from '@parley/cache-core/kernel';

/** Something that is watched until it is closed. */
export interface Watch<Current> extends Disposable {
  /** What is known now. */
  readonly current: Current;
  /** Resolves when it is known who is there; until then `current` is empty, and stale. Rejects at the limit, while it goes on trying. */
  readonly ready: (options?: Abortable) => Promise<void>;
  /** Nobody is told any more. */
  readonly close: () => void;
}

export interface WatchParts<Current> {
  readonly clock: Clock;
  readonly withinMs: number;
  readonly ready: () => Promise<void>;
  readonly current: () => Current;
  readonly close: () => void;
}

export function watchOf<Current>(parts: WatchParts<Current>): Watch<Current> {
  const { clock, withinMs, ready, current, close } = parts;
  return {
    get current() {
      return current();
    },
    ready: ({ signal } = {}) => withDeadline(withinMs, ready, { clock, signal, what: 'a first view' }),
    close,
    [Symbol.dispose]: close,
  };
}
