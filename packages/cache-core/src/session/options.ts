import type { Random } from '../kernel/backoff.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Clock, Clocked } from '../kernel/clock.ts';
import { parseDuration } from '../kernel/duration.ts';
import type { Duration } from '../kernel/duration.ts';
import { InvalidArgument } from '../kernel/errors.ts';
import type { Schema } from '../kernel/schema.ts';
import { requireInteger } from '../kernel/validate.ts';
import type { SessionStore } from './session-store.ts';

/** What a session holds if nothing else is said. */
export type SessionData = Readonly<Record<string, unknown>>;

export interface SessionOptions<Data = SessionData> extends Clocked {
  /** Where sessions are kept: the same for all processes. */
  readonly store: SessionStore;
  /**
   * What the data looks like, held when it is written and when it is read. It must accept what it gives back. Anything that speaks Standard
   * Schema will do.
   *
   * @default any data, and nobody looks
   */
  readonly schema?: Schema<Data> | undefined;
  /** How long a session lives when it is not seen. Being seen begins this time anew. @default '24h' */
  readonly ttl?: Duration | undefined;
  /** How long it lives at the most, however often it is seen. @default '30d' */
  readonly maxAge?: Duration | undefined;
  /**
   * How long the store is not told again that a session was seen; 0: it is told each time. A session may end earlier by as much.
   *
   * @default '1m', or a tenth of `ttl` where that is less
   */
  readonly touchEvery?: Duration | undefined;
  /** How long a call takes at the most, with all its repetitions. @default '2s' */
  readonly deadline?: Duration | undefined;
  /** How often a process removes what is over, from a store where somebody has to; 0: never. @default '5m' */
  readonly sweepEvery?: Duration | undefined;
  /** How many of them one call to the store removes. @default 1,000 */
  readonly sweepBatch?: number | undefined;
  /** For pauses. Ids do not come from here. @default Math.random */
  readonly random?: Random | undefined;
}

export interface SessionTimes {
  readonly ttlMs: number;
  readonly maxAgeMs: number;
  readonly touchEveryMs: number;
  readonly deadlineMs: number;
  readonly sweepEveryMs: number;
  readonly sweepBatch: number;
  readonly clock: Clock;
  readonly random: Random;
}

export function sessionTimes(options: Omit<SessionOptions, 'schema'>): SessionTimes {
  const ms = (field: 'ttl' | 'maxAge' | 'deadline', standard: Duration): number =>
    parseDuration(options[field] ?? standard, { field, min: 1 });
  const ttlMs = ms('ttl', '24h');
  const maxAgeMs = ms('maxAge', '30d');
  if (maxAgeMs < ttlMs) throw new InvalidArgument('maxAge', 'at least ttl', options.maxAge ?? '30d');
  const { touchEvery, sweepEvery = '5m', sweepBatch = 1_000 } = options;
  const touchEveryMs =
    touchEvery === undefined
      ? Math.min(60_000, ttlMs / 10)
      : parseDuration(touchEvery, { field: 'touchEvery' });
  if (touchEveryMs >= ttlMs) throw new InvalidArgument('touchEvery', 'less than ttl', touchEvery);
  return {
    ttlMs,
    maxAgeMs,
    touchEveryMs,
    deadlineMs: ms('deadline', '2s'),
    sweepEveryMs: parseDuration(sweepEvery, { field: 'sweepEvery' }),
    sweepBatch: requireInteger('sweepBatch', sweepBatch, 1, 100_000),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}
