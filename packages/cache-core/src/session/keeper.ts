import type { Abortable } from '../kernel/abort.ts';
import { exponentialBackoff } from '../kernel/backoff.ts';
import type { Backoff } from '../kernel/backoff.ts';
import { withDeadline } from '../kernel/deadline.ts';
import type { Deadline } from '../kernel/deadline.ts';
import { InvalidArgument, isParleyError } from '../kernel/errors.ts';
import type { Health } from '../kernel/health.ts';
import { requireKey } from '../kernel/key.ts';
import { retry } from '../kernel/retry.ts';
import { createSingleFlight } from '../kernel/single-flight.ts';
import type { SingleFlight } from '../kernel/single-flight.ts';
import type { SessionTimes } from './options.ts';
import { digestOf, newBearerIdIn, newToken } from './session-id.ts';
import type {
  CreateVerdict,
  EndingOfUser,
  ListedSession,
  SessionStore,
  SessionToCreate,
  SessionToRotate,
  SessionToWrite,
  StoredSession,
  WriteVerdict,
} from './session-store.ts';

/** Longer than any request takes, and than anything that was sent stays under way. */
const stoneMs = 3_600_000;
/** For which share of its deadline a call is made again: long enough for a lost connection to come back. */
const repeatedShare = 0.5;
/** How long the store is not told of who is seen after it could not be. */
const quietMs = 5_000;
/** What some clients show as a bearer id is up to them. */
const maxBearerBytes = 1_024;

export type NewSession = Omit<SessionToCreate, 'id' | 'version' | 'maxAgeMs'>;
export type Rewriting = Omit<SessionToWrite, 'id' | 'version'>;
export type Rotation = Omit<SessionToRotate, 'from' | 'to' | 'version' | 'stoneMs' | 'maxAgeMs'> & {
  /** Begins its life anew. */
  readonly renews: boolean;
};
interface Checked {
  readonly user?: string | null | undefined;
  readonly data?: string | undefined;
}

export type EndingAll = Pick<EndingOfUser, 'only' | 'except'>;

export interface KeeperCall extends Abortable {
  /** Shared with other steps. @default one of this call alone */
  readonly deadline?: Deadline | undefined;
}

/** Sessions by what their bearers show, with data as text: bounded in time, repeated where that is harmless. */
export class SessionKeeper {
  readonly store: SessionStore;
  readonly times: SessionTimes;
  readonly #backoff: Backoff;
  readonly #touches: SingleFlight<boolean>;
  /** Until when the store is not told of who is seen, by the monotonic clock. */
  #quietUntil = -Infinity;

  constructor(store: SessionStore, times: SessionTimes) {
    this.store = store;
    this.times = times;
    this.#backoff = exponentialBackoff({ baseMs: 20, maxMs: 250, minMs: 5, random: times.random });
    this.#touches = createSingleFlight({ clock: times.clock, limitMs: times.deadlineMs });
  }

  async create(
    bearer: string,
    session: NewSession,
    call?: KeeperCall,
  ): Promise<{ readonly verdict: CreateVerdict; readonly version: string }> {
    this.#check(session);
    const version = newToken();
    const wanted = { ...session, id: idOf(bearer), version, maxAgeMs: this.times.maxAgeMs };
    const verdict = await this.#run('beginning a session', call, (signal) =>
      this.store.create(wanted, { signal }),
    );
    return { verdict, version };
  }

  read(bearer: string, call?: KeeperCall): Promise<StoredSession | undefined> {
    const id = knownIdOf(bearer);
    if (id === undefined) return Promise.resolve(undefined);
    return this.#run('reading a session', call, (signal) => this.store.read(id, { signal }));
  }

  /** The version that is there now, if it was written. */
  async write(
    bearer: string,
    change: Rewriting,
    call?: KeeperCall,
  ): Promise<{ readonly verdict: WriteVerdict; readonly version: string }> {
    this.#check(change);
    const version = newToken();
    const wanted = { ...change, id: idOf(bearer), version };
    const verdict = await this.#run('writing a session', call, (signal) =>
      this.store.write(wanted, { signal }),
    );
    return { verdict, version };
  }

  /** At the same time and for the same session the store is told once. */
  touch(bearer: string, idleMs = this.times.ttlMs, call?: KeeperCall): Promise<boolean> {
    const id = knownIdOf(bearer);
    if (id === undefined) return Promise.resolve(false);
    const what = 'touching a session';
    const tell = (): Promise<boolean> =>
      this.#run(what, {}, (signal) => this.store.touch(id, idleMs, { signal }));
    return this.#bounded(what, call, (signal) => this.#touches.run(`${id} ${idleMs}`, tell, { signal }));
  }

  /**
   * Like `touch`, for those who go on without it: told once, and after the store could not be told for some seconds not at all. A store that
   * refuses what is written would otherwise hold up everybody who only reads.
   */
  async see(bearer: string, call?: KeeperCall): Promise<boolean> {
    const { clock, ttlMs } = this.times;
    const id = knownIdOf(bearer);
    if (id === undefined) return false;
    if (clock.monotonic() < this.#quietUntil) return true;
    const what = 'telling that a session is seen';
    const tell = (): Promise<boolean> =>
      this.#bounded(what, {}, (signal) => this.store.touch(id, ttlMs, { signal }));
    try {
      return await this.#bounded(what, call, (signal) => this.#touches.run(`see ${id}`, tell, { signal }));
    } catch (error) {
      if (call?.signal?.aborted !== true) this.#quietUntil = clock.monotonic() + quietMs;
      throw error;
    }
  }

  /** The new bearer id. */
  async rotate(
    bearer: string,
    { renews, ...change }: Rotation,
    call?: KeeperCall,
  ): Promise<{ readonly verdict: WriteVerdict; readonly id: string }> {
    this.#check(change);
    const from = knownIdOf(bearer);
    if (from === undefined) return { verdict: 'gone', id: '' };
    const id = newBearerIdIn(this.store.placeOf(from), this.store.placeOf);
    const maxAgeMs = renews ? this.times.maxAgeMs : undefined;
    const wanted = { ...change, from, to: idOf(id), version: newToken(), maxAgeMs, stoneMs };
    const verdict = await this.#run('rotating a session', call, (signal) =>
      this.store.rotate(wanted, { signal }),
    );
    return { verdict, id };
  }

  async destroy(bearer: string, call?: KeeperCall): Promise<boolean> {
    const id = knownIdOf(bearer);
    if (id === undefined) return false;
    const ending = { token: newToken(), stoneMs };
    const [ended = false] = await this.#run('ending a session', call, (signal) =>
      this.store.destroy([id], ending, { signal }),
    );
    return ended;
  }

  async list(user: string, limit: number, call?: KeeperCall): Promise<ListedSession[]> {
    const name = requireKey(user, { field: 'user' });
    return this.#run('listing sessions', call, (signal) => this.store.list(name, limit, { signal }));
  }

  async destroyOf(user: string, which: EndingAll, call?: KeeperCall): Promise<number> {
    const name = requireKey(user, { field: 'user' });
    const ending = { ...which, token: newToken(), stoneMs };
    return this.#run('ending sessions', call, (signal) => this.store.destroyOf(name, ending, { signal }));
  }

  health(): Promise<Health> {
    return this.store.health();
  }

  #check({ user, data }: Checked): void {
    if (typeof user === 'string') requireKey(user, { field: 'user' });
    if (data === undefined) return;
    const { maxDataBytes } = this.store.capabilities;
    const bytes = Buffer.byteLength(data);
    if (bytes > maxDataBytes)
      throw new InvalidArgument('data', `at most ${maxDataBytes} bytes of JSON`, bytes);
  }

  /** Every call of the port may be made again: a reply that was lost is answered as it was. */
  #run<T>(what: string, call: KeeperCall | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, deadlineMs } = this.times;
    const backoff = this.#backoff;
    const until = clock.monotonic() + deadlineMs * repeatedShare;
    const retryable = (error: unknown): boolean =>
      isParleyError(error, 'STORE_UNAVAILABLE') && clock.monotonic() < until;
    return this.#bounded(what, call, (signal) =>
      retry(() => work(signal), { attempts: Infinity, backoff, signal, clock, retryable }),
    );
  }

  #bounded<T>(
    what: string,
    { signal, deadline }: KeeperCall = {},
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { deadlineMs, clock } = this.times;
    return withDeadline(deadline ?? deadlineMs, work, { signal, clock, what });
  }
}

const idOf = (bearer: string): string =>
  digestOf(requireKey(bearer, { field: 'id', maxBytes: maxBearerBytes }));

/** What cannot be an id, such as a cookie that somebody made up, is that of no session: that is no mistake of the program. */
function knownIdOf(bearer: string): string | undefined {
  try {
    return idOf(bearer);
  } catch (error) {
    if (isParleyError(error, 'INVALID_ARGUMENT')) return undefined;
    throw error;
  }
}
