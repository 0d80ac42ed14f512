import { systemClock, type Clocked } from './kernel/clock.ts';
import { createLru } from './kernel/lru.ts';
import { bumpedEpoch, madeEpoch } from './epoch.ts';
import type { CacheStore, LeaseReply, LeaseRequest, RecordToWrite, StoredRecord } from './store.ts';

export interface MemoryCacheStoreOptions extends Clocked {
  /**
   * How many records are kept; beyond that the one written longest ago goes.
   * @default 100_000
   */
  readonly maxRecords?: number;
}

interface Slot {
  record:
    | { readonly bytes: Uint8Array; readonly version: number; freshUntil: number; keepUntil: number }
    | undefined;
  lease: { readonly token: string; readonly until: number } | undefined;
}

interface Guard {
  epoch: number;
  keepUntil: number;
}

/**
 * A store in this process: for tests, for programs of one process, and the model that other stores are held to. It is shared by every
 * cache that is given the same instance, as a server would be.
 */
export function memoryCacheStore({
  clock = systemClock,
  maxRecords = 100_000,
}: MemoryCacheStoreOptions = {}): CacheStore {
  const slots = createLru<string, Slot>({ maxEntries: maxRecords });
  const guards = new Map<string, Guard>();

  const slotOf = (key: string): Slot | undefined => {
    const slot = slots.peek(key);
    if (slot === undefined) return undefined;
    const now = clock.monotonic();
    if (slot.record !== undefined && slot.record.keepUntil <= now) slot.record = undefined;
    if (slot.lease !== undefined && slot.lease.until <= now) slot.lease = undefined;
    if (slot.record !== undefined || slot.lease !== undefined) return slot;
    slots.delete(key);
    return undefined;
  };

  const recordOf = (key: string): StoredRecord | undefined => {
    const record = slotOf(key)?.record;
    return (
      record && {
        bytes: record.bytes,
        version: record.version,
        freshForMs: record.freshUntil - clock.monotonic(),
      }
    );
  };

  const put = ({ key, bytes, version, freshMs, keepMs }: RecordToWrite): void => {
    const now = clock.monotonic();
    slots.set(key, {
      record: { bytes: bytes.slice(), version, freshUntil: now + freshMs, keepUntil: now + keepMs },
      lease: undefined,
    });
  };

  const grant = ({ key, token, ttlMs, seen }: LeaseRequest): LeaseReply => {
    const slot = slotOf(key);
    if (slot?.lease !== undefined && slot.lease.token !== token) {
      return { state: 'held', forMs: slot.lease.until - clock.monotonic() };
    }
    if (slot?.record?.version !== seen) return { state: 'changed', record: recordOf(key) };
    const lease = { token, until: clock.monotonic() + ttlMs };
    if (slot === undefined) slots.set(key, { record: undefined, lease });
    else slot.lease = lease;
    return { state: 'granted', stamp: stamp() };
  };

  const holds = (key: string, token: string): Slot | undefined => {
    const slot = slotOf(key);
    return slot?.lease?.token === token ? slot : undefined;
  };

  // Moves with the monotonic clock: an operator who sets the wall clock must not undo invalidations.
  const startedAt = clock.now() - clock.monotonic();
  const since = clock.now();
  const stamp = (): number => Math.round((startedAt + clock.monotonic()) * 1000);

  const guardOf = (name: string): Guard | undefined => {
    const guard = guards.get(name);
    return guard !== undefined && guard.keepUntil > clock.monotonic() ? guard : undefined;
  };

  const raise = (name: string, keepMs: number): number => {
    const epoch = bumpedEpoch(stamp(), guards.get(name)?.epoch);
    guards.set(name, { epoch, keepUntil: clock.monotonic() + keepMs });
    return epoch;
  };

  const epochOf = (name: string, keepMs: number | undefined): number | undefined => {
    const keepUntil = clock.monotonic() + (keepMs ?? 0);
    const known = guardOf(name);
    if (known !== undefined) {
      known.keepUntil = Math.max(known.keepUntil, keepUntil);
      return known.epoch;
    }
    if (keepMs === undefined) return undefined;
    const epoch = madeEpoch(stamp(), guards.get(name)?.epoch);
    guards.set(name, { epoch, keepUntil });
    return epoch;
  };

  return {
    name: 'memory',
    capabilities: {
      shared: false,
      holds: true,
      maxRecordBytes: 512 * 1024 * 1024,
      maxKeyBytes: 4096,
      maxBatch: 10_000,
      maxInFlight: 64,
    },
    read: async (keys) => keys.map(recordOf),
    write: async (records) => records.forEach(put),
    remove: async (keys) =>
      keys.map((key) => {
        const existed = slotOf(key)?.record !== undefined;
        slots.delete(key);
        return existed;
      }),
    touch: async (records) =>
      records.map(({ key, freshMs, keepMs }) => {
        const record = slotOf(key)?.record;
        if (record === undefined) return false;
        record.freshUntil = clock.monotonic() + freshMs;
        record.keepUntil = clock.monotonic() + keepMs;
        return true;
      }),
    lease: async (requests) => requests.map(grant),
    fill: async (records) =>
      records.map((record) => {
        const held = holds(record.key, record.token) !== undefined;
        if (held) put(record);
        return held;
      }),
    release: async (leases) => {
      for (const { key, token } of leases) {
        const slot = holds(key, token);
        if (slot !== undefined) slot.lease = undefined;
        slotOf(key);
      }
    },
    epochs: async (names, { keepMs } = {}) => names.map((name) => epochOf(name, keepMs)),
    bump: async (names, { keepMs }) => names.map((name) => raise(name, keepMs)),
    health: async () => ({ status: 'up', since, details: { records: slots.size, guards: guards.size } }),
  };
}
