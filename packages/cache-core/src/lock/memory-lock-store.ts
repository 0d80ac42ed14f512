import { throwIfAborted } from '../kernel/abort.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Clock, Clocked } from '../kernel/clock.ts';
import { createInstanceId } from '../kernel/instance-id.ts';
import { safeCall } from '../kernel/telemetry.ts';
import { requireMs } from '../kernel/validate.ts';
import type {
  LockCall,
  LockLease,
  LockListener,
  LockQueue,
  LockReply,
  LockRequest,
  LockStore,
  LockToRelease,
} from './lock-store.ts';

export interface MemoryLockStoreOptions extends Clocked {
  /** How long a lock is kept for whoever's turn it is, in milliseconds. @default 500 */
  readonly claimMs?: number | undefined;
}

/** The ear of somebody who cannot be told of their turn. */
const untold = /^-(\d+)$/;

/** Who has the lock, or has its turn. */
interface Owner {
  readonly token: string;
  /** Undefined: it is only kept for it. */
  readonly fence: number | undefined;
  until: number;
}

interface Waiter {
  readonly ear: string;
  until: number;
}

interface Entry {
  owner: Owner | undefined;
  /** In the order of asking. */
  readonly waiters: Map<string, Waiter>;
}

/**
 * Locks within this process: for tests, and for programs of one process. Facades that are given the same instance exclude each other, as over
 * a server.
 */
export function memoryLockStore(options: MemoryLockStoreOptions = {}): LockStore {
  const { clock = systemClock } = options;
  const memory = new LockMemory(clock, requireMs('claimMs', options.claimMs ?? 500));
  const since = clock.now();
  const call = async <T>({ signal }: LockCall = {}, work: () => T): Promise<T> => {
    throwIfAborted(signal);
    return work();
  };
  return {
    name: 'memory',
    capabilities: { shared: false, maxKeyBytes: 1_024 },
    acquire: (request, options) => call(options, () => memory.acquire(request)),
    extend: (lease, options) => call(options, () => memory.extend(lease)),
    release: (held, options) => call(options, () => memory.release(held)),
    listen: (listener) => {
      const id = createInstanceId({ clock });
      memory.ears.set(id, listener);
      return {
        id,
        join: async () => undefined,
        hears: () => memory.ears.has(id),
        close: async () => void memory.ears.delete(id),
      };
    },
    health: async () => ({ status: 'up', since, details: { keys: memory.size } }),
  };
}

class LockMemory {
  readonly ears = new Map<string, LockListener>();
  readonly #clock: Clock;
  readonly #claimMs: number;
  readonly #entries = new Map<string, Entry>();
  #fence = 0;
  #sweepAt = 1_024;

  constructor(clock: Clock, claimMs: number) {
    this.#clock = clock;
    this.#claimMs = claimMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  acquire({ key, token, leaseMs, queue }: LockRequest): LockReply {
    const entry = this.#entry(key);
    const owner = entry.owner;
    if (owner === undefined || owner.token === token) {
      if (owner !== undefined || this.#handOn(key, entry, token))
        return this.#grant(entry, token, leaseMs, owner?.fence);
    }
    if (queue !== undefined) this.#enqueue(entry, token, queue);
    const until = entry.owner?.until ?? 0;
    return { state: 'held', forMs: Math.max(0, until - this.#clock.monotonic()) };
  }

  extend({ key, token, leaseMs }: LockLease): boolean {
    const { owner } = this.#entry(key);
    const held = owner?.token === token && owner.fence !== undefined;
    if (held) owner.until = this.#clock.monotonic() + leaseMs;
    this.#tidy(key);
    return held;
  }

  release({ key, token }: LockToRelease): boolean {
    const entry = this.#entry(key);
    entry.waiters.delete(token);
    const { owner } = entry;
    if (owner?.token === token) {
      entry.owner = undefined;
      this.#handOn(key, entry, undefined);
    }
    this.#tidy(key);
    return owner?.token === token && owner.fence !== undefined;
  }

  /** Of a lock that is free: whether it is the turn of `token`. If not, it is now kept for whoever's turn it is. */
  #handOn(key: string, entry: Entry, token: string | undefined): boolean {
    const now = this.#clock.monotonic();
    for (const [first, { ear, until }] of entry.waiters) {
      if (first === token) return true;
      entry.waiters.delete(first);
      const listener = this.ears.get(ear);
      const [, keptMs] = untold.exec(ear) ?? [];
      if (until <= now || (listener === undefined && keptMs === undefined)) continue;
      entry.owner = { token: first, fence: undefined, until: now + Number(keptMs ?? this.#claimMs) };
      // As from a server: not within the call that it comes from.
      queueMicrotask(() => safeCall('lock turn', listener?.turn, key, first));
      return false;
    }
    return true;
  }

  #grant(entry: Entry, token: string, leaseMs: number, known: number | undefined): LockReply {
    const fence = known ?? this.#nextFence();
    entry.waiters.delete(token);
    entry.owner = { token, fence, until: this.#clock.monotonic() + leaseMs };
    return { state: 'granted', fence };
  }

  #nextFence(): number {
    this.#fence = Math.max(this.#fence + 1, Math.floor(this.#clock.now() * 1_000));
    return this.#fence;
  }

  #enqueue({ waiters }: Entry, token: string, { ear, keepMs }: LockQueue): void {
    const until = this.#clock.monotonic() + keepMs;
    const known = waiters.get(token);
    if (known === undefined) waiters.set(token, { ear, until });
    else known.until = until;
  }

  /** With its owner as of now. */
  #entry(key: string): Entry {
    const entry = this.#entries.get(key) ?? { owner: undefined, waiters: new Map<string, Waiter>() };
    if (this.#entries.size >= this.#sweepAt) this.#sweep();
    this.#entries.set(key, entry);
    const now = this.#clock.monotonic();
    if (!isLive(entry.owner, now)) entry.owner = undefined;
    return entry;
  }

  /** Of locks that nobody let go, and nobody asks for any more. */
  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [key, { owner, waiters }] of this.#entries) {
      const live = isLive(owner, now) || [...waiters.values()].some((waiter) => isLive(waiter, now));
      if (!live) this.#entries.delete(key);
    }
    this.#sweepAt = Math.max(1_024, this.#entries.size * 2);
  }

  #tidy(key: string): void {
    const entry = this.#entries.get(key);
    if (entry?.owner === undefined && entry?.waiters.size === 0) this.#entries.delete(key);
  }
}

function isLive(one: { readonly until: number } | undefined, now: number): boolean {
  return one !== undefined && one.until > now;
}
