import { throwIfAborted } from '../kernel/abort.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Clock, Clocked } from '../kernel/clock.ts';
import type {
  CreateVerdict,
  Ending,
  EndingOfUser,
  ListedSession,
  SessionCall,
  SessionFacts,
  SessionStore,
  SessionToCreate,
  SessionToRotate,
  SessionToWrite,
  StoredSession,
  Swept,
  WriteVerdict,
} from './session-store.ts';

interface Live {
  version: string;
  user: string | undefined;
  data: string;
  address: string | undefined;
  userAgent: string | undefined;
  /** By the clock that one may show. */
  createdAt: number;
  seenAt: number;
  /** By the clock that never jumps. */
  seen: number;
  until: number;
  last: number;
}

interface Stone {
  readonly token: string;
  /** The id that its session got, if it was rotated. */
  readonly next: string | undefined;
  until: number;
}

/** A store in this process: for tests, for programs of one process, and the model that other stores are held to. */
export function memorySessionStore({ clock = systemClock }: Clocked = {}): SessionStore {
  const memory = new SessionMemory(clock);
  const since = clock.now();
  const call = async <T>(options: SessionCall | undefined, work: () => T): Promise<T> => {
    throwIfAborted(options?.signal);
    return work();
  };
  return {
    name: 'memory',
    capabilities: { shared: false, sweeps: true, maxDataBytes: 1024 * 1024 },
    placeOf: () => 0,
    create: (session, options) => call(options, () => memory.create(session)),
    read: (id, options) => call(options, () => memory.read(id)),
    write: (change, options) => call(options, () => memory.write(change)),
    touch: (id, idleMs, options) => call(options, () => memory.touch(id, idleMs)),
    rotate: (change, options) => call(options, () => memory.rotate(change)),
    destroy: (ids, ending, options) => call(options, () => ids.map((id) => memory.destroy(id, ending))),
    list: (user, limit, options) => call(options, () => memory.list(user, limit)),
    destroyOf: (user, ending, options) => call(options, () => memory.destroyOf(user, ending)),
    sweep: (limit, options) => call(options, () => memory.sweep(limit)),
    health: async () => ({ status: 'up', since, details: memory.figures }),
  };
}

class SessionMemory {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Live>();
  readonly #stones = new Map<string, Stone>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get figures(): { readonly sessions: number; readonly stones: number } {
    return { sessions: this.#sessions.size, stones: this.#stones.size };
  }

  create({ id, version, user, data, address, userAgent, idleMs, maxAgeMs }: SessionToCreate): CreateVerdict {
    if (this.#stone(id) !== undefined) return 'ended';
    const there = this.#live(id);
    if (there !== undefined) return there.version === version ? 'created' : 'taken';
    const [now, wall] = [this.#clock.monotonic(), this.#clock.now()];
    const last = now + maxAgeMs;
    const until = Math.min(now + idleMs, last);
    const times = { createdAt: wall, seenAt: wall, seen: now, until, last };
    this.#sessions.set(id, { version, user, data, address, userAgent, ...times });
    return 'created';
  }

  read(id: string): StoredSession | undefined {
    const live = this.#live(id);
    if (live === undefined) return undefined;
    const { version, user, data } = live;
    return { version, user, data, ...this.#facts(live) };
  }

  write({ id, version, seen, user, data, idleMs }: SessionToWrite): WriteVerdict {
    const live = this.#live(id);
    if (live === undefined) return 'gone';
    if (live.version === version) return 'done';
    if (seen !== undefined && live.version !== seen) return 'conflict';
    live.version = version;
    live.data = data;
    if (user !== undefined) live.user = user ?? undefined;
    this.#see(live, idleMs);
    return 'done';
  }

  touch(id: string, idleMs: number): boolean {
    const live = this.#live(id);
    if (live !== undefined) this.#see(live, idleMs);
    return live !== undefined;
  }

  rotate(change: SessionToRotate): WriteVerdict {
    const { from, to, version, seen, idleMs, maxAgeMs, stoneMs } = change;
    if (this.#live(to)?.version === version) return 'done';
    const live = this.#live(from);
    if (live === undefined) return 'gone';
    if (seen !== undefined && live.version !== seen) return 'conflict';
    live.version = version;
    live.user = change.user ?? live.user;
    live.data = change.data ?? live.data;
    live.address = change.address ?? live.address;
    live.userAgent = change.userAgent ?? live.userAgent;
    if (maxAgeMs !== undefined) {
      live.createdAt = this.#clock.now();
      live.last = this.#clock.monotonic() + maxAgeMs;
    }
    this.#see(live, idleMs);
    this.#sessions.delete(from);
    this.#stones.set(from, { token: version, next: to, until: this.#clock.monotonic() + stoneMs });
    this.#stones.delete(to);
    this.#sessions.set(to, live);
    return 'done';
  }

  destroy(id: string, ending: Ending): boolean {
    const { token, stoneMs } = ending;
    const until = this.#clock.monotonic() + stoneMs;
    const stone = this.#stone(id);
    if (stone !== undefined) {
      stone.until = Math.max(stone.until, until);
      return stone.next === undefined ? stone.token === token : this.destroy(stone.next, ending);
    }
    const ends = this.#live(id) !== undefined;
    this.#sessions.delete(id);
    this.#stones.set(id, { token: ends ? token : '', next: undefined, until });
    return ends;
  }

  list(user: string, limit: number): ListedSession[] {
    return this.#of(user)
      .map(([id, live]) => ({ id, ...this.#facts(live) }))
      .toSorted((a, b) => a.seenForMs - b.seenForMs || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  destroyOf(user: string, { only, except, ...ending }: EndingOfUser): number {
    const last = only === undefined ? undefined : this.#lastOf(only);
    if (last !== undefined && this.#stone(last)?.token === ending.token) return 1;
    const doomed = this.#of(user).filter(([id]) => id !== except && (last === undefined || id === last));
    for (const [id] of doomed) this.destroy(id, ending);
    return doomed.length;
  }

  sweep(limit: number): Swept {
    const now = this.#clock.monotonic();
    let removed = 0;
    for (const map of [this.#sessions, this.#stones]) {
      for (const [id, { until }] of map) {
        if (until > now) continue;
        if (removed === limit) return { removed, more: true };
        map.delete(id);
        removed += 1;
      }
    }
    return { removed, more: false };
  }

  #live(id: string): Live | undefined {
    const live = this.#sessions.get(id);
    return live !== undefined && live.until > this.#clock.monotonic() ? live : undefined;
  }

  #stone(id: string): Stone | undefined {
    const stone = this.#stones.get(id);
    return stone !== undefined && stone.until > this.#clock.monotonic() ? stone : undefined;
  }

  /** The id that a session has by now. */
  #lastOf(id: string): string {
    const next = this.#stone(id)?.next;
    return next === undefined ? id : this.#lastOf(next);
  }

  #of(user: string): [string, Live][] {
    const now = this.#clock.monotonic();
    return [...this.#sessions].filter(([, live]) => live.user === user && live.until > now);
  }

  #see(live: Live, idleMs: number): void {
    live.seen = this.#clock.monotonic();
    live.seenAt = this.#clock.now();
    live.until = Math.min(live.seen + idleMs, live.last);
  }

  #facts({ createdAt, seenAt, seen, until, address, userAgent }: Live): SessionFacts {
    const now = this.#clock.monotonic();
    return { createdAt, seenAt, seenForMs: now - seen, endsInMs: until - now, address, userAgent };
  }
}
