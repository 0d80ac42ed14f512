import { createInstanceId, systemClock, throwIfAborted } from '@parley/cache-core/kernel';
import type { Clock, Clocked } from '@parley/cache-core/kernel';
import type { Change, ChangeBatch, Changed, Outcome, SetEntry } from './change.ts';
import { MemoryChannel, type Entry } from './memory-channel.ts';
import type { PresenceStore, ReapCall, Reaped, StoreCall } from './store.ts';
import type { Appended, Diff, View } from './view.ts';

interface Lease {
  until: number;
  turn: number;
  /** What is under it, by a name that is in nothing else. */
  readonly entries: Map<string, EntryPlace>;
}

interface EntryPlace {
  readonly channel: string;
  readonly user: string;
  readonly id: string;
}

export interface MemoryPresenceStore extends PresenceStore {
  /** Loses everything, as a server does that starts anew; for tests. */
  readonly forget: () => void;
}

const nowhere: View = { epoch: '', top: 0, at: 0, users: 0, entries: 0, members: [] };

/**
 * A store in this process: for tests, for programs of one process, and the model that other stores are held to. Presences that are given the
 * same instance see each other, as over a server.
 */
export function memoryPresenceStore({ clock = systemClock }: Clocked = {}): MemoryPresenceStore {
  let memory = new PresenceMemory(clock);
  const since = clock.now();
  const call = async <T>(options: StoreCall | undefined, work: () => T): Promise<T> => {
    throwIfAborted(options?.signal);
    return work();
  };
  return {
    name: 'memory',
    capabilities: { shared: false, maxValueBytes: 64 * 1024, maxBatch: 1_000, maxMembers: 1_000_000 },
    open: (lease, leaseMs, options) =>
      call(options, () => {
        memory.open(lease, leaseMs);
        return memory.epoch;
      }),
    beat: (lease, leaseMs, options) =>
      call(options, () => ({ held: memory.beat(lease, leaseMs), epoch: memory.epoch })),
    change: (batch, options) => call(options, () => memory.change(batch)),
    end: (leases, options) => call(options, () => memory.end(leases)),
    reap: (limit, options) => call(options, () => memory.reap(limit, options?.within)),
    read: (requests, options) =>
      call(options, () =>
        requests.map(({ channel, after, limit }) => memory.channel(channel)?.view(after, limit) ?? nowhere),
      ),
    health: async () => ({ status: 'up', since, details: memory.figures }),
    forget: () => {
      memory = new PresenceMemory(clock);
    },
  };
}

class PresenceMemory {
  readonly epoch: string;
  readonly #clock: Clock;
  readonly #channels = new Map<string, MemoryChannel>();
  readonly #leases = new Map<string, Lease>();
  /** Entries that end by their own time. */
  readonly #ending = new Map<string, EntryPlace & { readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.epoch = createInstanceId({ clock });
  }

  get figures(): { readonly channels: number; readonly leases: number } {
    return { channels: this.#channels.size, leases: this.#leases.size };
  }

  channel(name: string): MemoryChannel | undefined {
    return this.#channels.get(name);
  }

  open(lease: string, leaseMs: number): void {
    this.#leases.set(lease, { until: this.#clock.monotonic() + leaseMs, turn: 0, entries: new Map() });
  }

  beat(name: string, leaseMs: number): boolean {
    const lease = this.#held(name);
    if (lease !== undefined) lease.until = this.#clock.monotonic() + leaseMs;
    return lease !== undefined;
  }

  end(leases: readonly string[]): void {
    for (const name of leases) {
      const lease = this.#leases.get(name);
      if (lease !== undefined) lease.until = -Infinity;
    }
  }

  change(batch: ChangeBatch): Changed {
    const lease = this.#held(batch.lease);
    const verdict = lease === undefined ? 'lapsed' : batch.turn <= lease.turn ? 'late' : 'done';
    if (lease === undefined || verdict !== 'done') {
      return { verdict, outcomes: batch.changes.map(() => 'same'), appended: [] };
    }
    lease.turn = batch.turn;
    const told = new Told();
    const displaced: (string | undefined)[] = [];
    const outcomes = batch.changes.map((change) => {
      const before = this.#channels.get(change.channel)?.entry(change.user, change.id)?.lease;
      const outcome = this.#carryOut(change, batch, told);
      const isOthers = before !== batch.lease && before !== batch.former;
      const asks = change.kind === 'set' && change.tells === true;
      displaced.push(asks && outcome === 'done' && isOthers ? before : undefined);
      return outcome;
    });
    return { verdict, outcomes, appended: told.appended, displaced };
  }

  reap(limit: number, within: ReapCall['within']): Reaped {
    const now = this.#clock.monotonic();
    const told = new Told();
    const inTime = within === undefined || now - Number.parseFloat(within.moment) <= within.ms;
    let left = inTime ? limit : 0;
    for (const [name, lease] of this.#leases) {
      if (lease.until > now) continue;
      for (const place of lease.entries.values()) {
        if (left-- <= 0) break;
        this.#lapse(place, told);
      }
      if (lease.entries.size === 0) this.#leases.delete(name);
    }
    for (const place of this.#ending.values()) {
      if (place.until <= now && left-- > 0) this.#put(place, undefined, told);
    }
    for (const [name, channel] of this.#channels) {
      if (channel.empty && channel.idleSince + channel.idleMs <= now && left-- > 0)
        this.#channels.delete(name);
    }
    const next = this.#next();
    return {
      appended: told.appended,
      more: next <= now,
      nextMs: next === Infinity ? undefined : Math.max(0, next - now),
      moment: String(now),
    };
  }

  #held(name: string): Lease | undefined {
    const lease = this.#leases.get(name);
    return lease !== undefined && lease.until > this.#clock.monotonic() ? lease : undefined;
  }

  #carryOut(change: Change, { lease, former }: ChangeBatch, told: Told): Outcome {
    const { channel, user, id } = change;
    const old = this.#channels.get(channel)?.entry(user, id);
    const ours = old?.lease === undefined || old.lease === lease || old.lease === former;
    if (change.kind === 'remove') {
      if (old === undefined) return 'same';
      if (!ours) return 'taken';
      this.#put(change, undefined, told);
      return 'done';
    }
    if (!ours && !change.take && this.#held(old.lease) !== undefined) return 'taken';
    const entry = this.#entryOf(change, lease);
    const changes = old?.rank !== entry.rank || old.value !== entry.value || old.lease !== entry.lease;
    this.#put(change, entry, told, change.idleMs);
    return changes ? 'done' : 'same';
  }

  #entryOf({ user, id, rank, value, owned, forMs, lingerMs }: SetEntry, lease: string): Omit<Entry, 'set'> {
    const until = forMs === undefined ? Infinity : this.#clock.monotonic() + forMs;
    return { user, id, rank, value, lease: owned ? lease : undefined, until, lingerMs };
  }

  /** Its lease is over. */
  #lapse(place: EntryPlace, told: Told): void {
    const entry = this.#channels.get(place.channel)?.entry(place.user, place.id);
    const now = this.#clock.monotonic();
    if (entry?.lingerMs === undefined || entry.until <= now) this.#put(place, undefined, told);
    else {
      const until = now + entry.lingerMs;
      this.#put(place, { ...entry, lease: undefined, rank: 0, until, lingerMs: undefined }, told);
    }
  }

  #put(place: EntryPlace, entry: Omit<Entry, 'set'> | undefined, told: Told, idleMs = 0): void {
    const { channel: name, user, id } = place;
    const channel = this.#channels.get(name) ?? new MemoryChannel(this.#clock);
    this.#channels.set(name, channel);
    const at = JSON.stringify([name, user, id]);
    const old = channel.entry(user, id);
    if (old?.lease !== undefined) this.#leases.get(old.lease)?.entries.delete(at);
    if (entry?.lease !== undefined)
      this.#leases.get(entry.lease)?.entries.set(at, { channel: name, user, id });
    this.#ending.delete(at);
    if (entry !== undefined && entry.until !== Infinity)
      this.#ending.set(at, { channel: name, user, id, until: entry.until });
    channel.idleMs = Math.max(channel.idleMs, idleMs);
    told.add(name, channel.epoch, channel.put(user, id, entry));
  }

  #next(): number {
    let next = Infinity;
    for (const { until } of this.#leases.values()) next = Math.min(next, until);
    for (const { until } of this.#ending.values()) next = Math.min(next, until);
    for (const { empty, idleSince, idleMs } of this.#channels.values()) {
      if (empty) next = Math.min(next, idleSince + idleMs);
    }
    return next;
  }
}

/** What one call has put into the logs. */
class Told {
  readonly #channels = new Map<string, { readonly epoch: string; readonly diffs: Diff[] }>();

  get appended(): Appended[] {
    return [...this.#channels].map(([channel, about]) => ({ channel, ...about }));
  }

  add(channel: string, epoch: string, diff: Diff | undefined): void {
    if (diff === undefined) return;
    const about = this.#channels.get(channel) ?? { epoch, diffs: [] };
    this.#channels.set(channel, about);
    about.diffs.push(diff);
  }
}
