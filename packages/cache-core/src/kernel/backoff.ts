import { InvalidArgument } from './errors.ts';
import { requireMs } from './validate.ts';

/** The pause before the next attempt, in milliseconds; `failures` counts the failed ones and begins at 1. */
export type Backoff = (failures: number) => number;

/** Numbers from 0 up to but not including 1, as from `Math.random`. */
export type Random = () => number;

export interface BackoffOptions {
  /**
   * The longest pause after the first failure, in milliseconds.
   *
   * @default 50
   */
  baseMs?: number;

  /**
   * The longest pause at all, in milliseconds.
   *
   * @default 5_000
   */
  maxMs?: number;

  /**
   * How much longer each pause may be than the one before.
   *
   * @default 2
   */
  factor?: number;

  /**
   * The shortest pause, in milliseconds. A loop that never gives up should set it, or it may spin for a few rounds.
   *
   * @default 0
   */
  minMs?: number;

  /** @default Math.random */
  random?: Random | undefined;
}

/**
 * Exponential backoff with full jitter: each pause is drawn evenly between the least and the present most, so that many
 * callers who failed together do not come back together.
 */
export function exponentialBackoff(options: BackoffOptions = {}): Backoff {
  const { factor = 2, minMs = 0, random = Math.random } = options;
  const baseMs = requireMs('baseMs', options.baseMs ?? 50);
  const maxMs = requireMs('maxMs', options.maxMs ?? 5_000);
  if (!(factor >= 1)) throw new InvalidArgument('factor', 'at least 1', factor);
  if (!(minMs >= 0 && minMs <= maxMs)) throw new InvalidArgument('minMs', 'from 0 to maxMs', minMs);
  return (failures) => {
    const most = Math.max(minMs, Math.min(maxMs, baseMs * factor ** (failures - 1)));
    return minMs + random() * (most - minMs);
  };
}
