import { throwIfAborted } from './abort.ts';
import type { Abortable } from './abort.ts';
import { Bounded } from './bounded.ts';
import type { LateOutcome } from './bounded.ts';
import { systemClock } from './clock.ts';
import type { Clock, Clocked } from './clock.ts';
import { DeadlineExceeded } from './errors.ts';
import { requireMs } from './validate.ts';

/** A moment by which several steps together must be over. */
export interface Deadline {
  /** The moment, in the terms of `clock.monotonic()`. */
  readonly at: number;

  /** How long the whole was given. */
  readonly limitMs: number;
  readonly clock: Clock;

  /** Milliseconds that are left, 0 once it has passed. */
  remaining(): number;
}

/** The deadline `ms` from now; `Infinity` means never. */
export function deadlineIn(ms: number, { clock = systemClock }: Clocked = {}): Deadline {
  const limitMs = requireMs('deadline', ms);
  const at = clock.monotonic() + limitMs;
  return { at, limitMs, clock, remaining: () => Math.max(0, at - clock.monotonic()) };
}

export interface DeadlineOptions<T> extends Abortable, Clocked {
  /**
   * What is being bounded, for the message of {@link DeadlineExceeded}.
   *
   * @default 'the call'
   */
  what?: string;

  /** Told what the work came to when that was after the deadline or after the caller had left: to log it, or to undo it. */
  onLate?: (outcome: LateOutcome<T>) => void;
}

/**
 * Runs work that must answer in time. The promise settles with the answer of the work, or rejects with `DeadlineExceeded` at
 * the deadline, or with `Aborted` when the caller's signal is aborted, whichever comes first. In the latter cases the work is
 * told by its signal, and what it does after that harms nobody. Work whose deadline has passed is not begun.
 *
 * Nothing remains afterwards, neither a timer nor a listener on the caller's signal.
 *
 * @param limit milliseconds, or a deadline shared with other steps (which brings its own clock)
 */
export async function withDeadline<T>(
  limit: number | Deadline,
  work: (signal: AbortSignal) => PromiseLike<T> | T,
  options: DeadlineOptions<T> = {},
): Promise<T> {
  const { signal, onLate, what = 'the call' } = options;
  throwIfAborted(signal);
  const shared = typeof limit === 'number' ? deadlineIn(limit, options) : limit;
  const limitMs = typeof limit === 'number' ? limit : limit.remaining();
  if (limitMs === 0) throw new DeadlineExceeded(what, shared.limitMs);
  return new Bounded({ clock: shared.clock, limitMs, what, signal, onLate }).start(work);
}
