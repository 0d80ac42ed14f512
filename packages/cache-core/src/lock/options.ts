import type { Abortable } from '../kernel/abort.ts';
import type { Random } from '../kernel/backoff.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Clock, Clocked } from '../kernel/clock.ts';
import { parseDuration } from '../kernel/duration.ts';
import type { Duration } from '../kernel/duration.ts';
import { InvalidArgument } from '../kernel/errors.ts';
import type { LockStore } from './lock-store.ts';

export interface CreateLocksOptions extends Clocked {
  /** Who holds what: the same for all processes. */
  readonly store: LockStore;
  /** How long a lock stays held when nothing is heard of its holder any more. @default '30s' */
  readonly lease?: Duration | undefined;
  /** How long `acquire` and `using` wait for a lock, if they say nothing else. @default '10s' */
  readonly wait?: Duration | undefined;
  /** How long one call to the store may take. @default '2s' */
  readonly storeDeadline?: Duration | undefined;
  /** How often whoever waits asks without having been told; each time up to a quarter sooner or later. @default '1s' */
  readonly poll?: Duration | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

export interface TryAcquireOptions extends Abortable {
  /** @default that of `createLocks` */
  readonly lease?: Duration | undefined;
  /** Whether the lease is begun anew, three times as often as needed, for as long as the lock is held. @default true */
  readonly autoExtend?: boolean | undefined;
}

export interface AcquireOptions extends TryAcquireOptions {
  /** How long to wait for it; several locks together. @default that of `createLocks` */
  readonly wait?: Duration | undefined;
}

export interface LockSettings {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly storeMs: number;
  readonly pollMs: number;
}

export interface TakeSettings {
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly autoExtend: boolean;
}

/** A lease must outlast a few round trips, or it is over before it is known. */
const shortestLeaseMs = 50;

export function settingsOf(options: CreateLocksOptions): LockSettings {
  const { store } = options;
  if (typeof store?.acquire !== 'function')
    throw new InvalidArgument('store', 'a store, such as memoryLockStore()', store);
  const duration = (field: keyof CreateLocksOptions, value: Duration, min = 1): number =>
    parseDuration(options[field] ?? value, { field, min });
  return {
    store,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    leaseMs: duration('lease', '30s', shortestLeaseMs),
    waitMs: duration('wait', '10s', 0),
    storeMs: duration('storeDeadline', '2s'),
    pollMs: duration('poll', '1s', 10),
  };
}

export function takeSettingsOf(settings: LockSettings, options: AcquireOptions): TakeSettings {
  const { lease, wait, autoExtend = true } = options;
  return {
    leaseMs:
      lease === undefined ? settings.leaseMs : parseDuration(lease, { field: 'lease', min: shortestLeaseMs }),
    waitMs: wait === undefined ? settings.waitMs : parseDuration(wait, { field: 'wait' }),
    autoExtend,
  };
}
