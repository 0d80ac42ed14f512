import type { Abortable } from '../kernel/abort.ts';
import { deadlineIn, withDeadline } from '../kernel/deadline.ts';
import { InvalidArgument } from '../kernel/errors.ts';
import type { Health } from '../kernel/health.ts';
import { requireInteger } from '../kernel/validate.ts';
import { DataCodec } from './data-codec.ts';
import { SessionKeeper } from './keeper.ts';
import type { KeeperCall, Rotation } from './keeper.ts';
import { sessionTimes } from './options.ts';
import type { SessionData, SessionOptions } from './options.ts';
import { SessionConflict, SessionEnded } from './session-errors.ts';
import { digestOf, digestOfHandle, handleOf, newBearerId } from './session-id.ts';
import type { StoredSession, WriteVerdict } from './session-store.ts';
import { sessionTroubles } from './session-trouble.ts';
import { infoOf } from './session.ts';
import type { IssuedSession, OwnedSession, Session } from './session.ts';
import { SessionSweeper } from './sweeping.ts';
import { describedVisitor } from './visitor.ts';
import type { Visitor } from './visitor.ts';

export interface CreateSession<Data> extends Visitor, Abortable {
  /** Whose it is; in their list. @default nobody's, until `signIn` */
  readonly user?: string | undefined;
  readonly data: Data;
}

export interface GetSession extends Abortable {
  /** Whether it is taken to be seen. @default true */
  readonly touch?: boolean | undefined;
}

export interface SignIn<Data> extends Visitor, Abortable {
  readonly user: string;
  /** @default what it had */
  readonly data?: Data | undefined;
}

export interface WriteSession extends Abortable {
  /** The version that was read. */
  readonly version: string;
}

export interface ListSessions extends Abortable {
  /** The id of who asks, to be marked as `current`. */
  readonly current?: string | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

export interface RevokeAll extends Abortable {
  /** The id of who asks, which stays. @default none stays */
  readonly except?: string | undefined;
}

/** How often a change is made again on what somebody else has written meanwhile. */
const maxConflicts = 20;

let reach: <Data>(sessions: Sessions<Data>) => SessionKeeper;

/** For the stores of web frameworks, which keep text of their own. */
export const keeperOf = <Data>(sessions: Sessions<Data>): SessionKeeper => reach(sessions);

/**
 * Sessions of users, for any number of processes. Made by `createSessions`. Each call settles within its deadline: trouble with the store is
 * an error, and never the answer that there is no session.
 */
export class Sessions<Data> implements AsyncDisposable {
  readonly #keeper: SessionKeeper;
  readonly #codec: DataCodec<Data>;
  readonly #sweeper: SessionSweeper;

  static {
    reach = (sessions) => sessions.#keeper;
  }

  constructor(keeper: SessionKeeper, codec: DataCodec<Data>) {
    this.#keeper = keeper;
    this.#codec = codec;
    this.#sweeper = new SessionSweeper(keeper);
  }

  /** Begins a session under a new id. */
  async create({ user, data, signal, ...visitor }: CreateSession<Data>): Promise<IssuedSession> {
    const text = await this.#codec.encode(data);
    const id = newBearerId();
    const session = { user, data: text, idleMs: this.#keeper.times.ttlMs, ...describedVisitor(visitor) };
    const { verdict } = await this.#keeper.create(id, session, { signal });
    if (verdict !== 'created') throw new SessionEnded();
    return { id, handle: handleOf(digestOf(id)) };
  }

  /** The session of an id; undefined: there is none, or not any more. */
  async get(id: string, { touch = true, signal }: GetSession = {}): Promise<Session<Data> | undefined> {
    const { deadlineMs, clock } = this.#keeper.times;
    const call = { signal, deadline: deadlineIn(deadlineMs, { clock }) };
    const stored = await this.#keeper.read(id, call);
    if (stored === undefined) return undefined;
    if (touch && !(await this.#see(id, stored, call))) return undefined;
    return this.#opened(id, stored);
  }

  /** Replaces the data that was read in this version. False: the session is gone. Rejects with `SessionConflict` when it was changed. */
  async write(id: string, data: Data, { version, signal }: WriteSession): Promise<boolean> {
    const verdict = await this.#rewrite(id, version, data, { signal });
    if (verdict === 'conflict') throw new SessionConflict();
    return verdict === 'done';
  }

  /**
   * Makes new data of what is there; again, where somebody else has changed it meanwhile, so that no change is lost. The deadline is that of all of it.
   * Answers with the new data, or undefined where the session is gone.
   */
  update(
    id: string,
    change: (data: Data) => Data | Promise<Data>,
    { signal: caller }: Abortable = {},
  ): Promise<Data | undefined> {
    const { deadlineMs, clock } = this.#keeper.times;
    const work = async (signal: AbortSignal): Promise<Data | undefined> => {
      for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
        const stored = await this.#keeper.read(id, { signal });
        if (stored === undefined) return undefined;
        const data = await change(await this.#codec.decode(stored.data));
        const verdict = await this.#rewrite(id, stored.version, data, { signal });
        if (verdict !== 'conflict') return verdict === 'done' ? data : undefined;
      }
      throw new SessionConflict({ evidence: { attempts: maxConflicts } });
    };
    return withDeadline(deadlineMs, work, { signal: caller, clock, what: 'changing a session' });
  }

  /** The session is seen, whenever that was told last. False: it is gone. */
  touch(id: string, call: Abortable = {}): Promise<boolean> {
    return this.#keeper.touch(id, undefined, call);
  }

  /**
   * Gives a session to a user, under another id: who had planted the former one in a browser has nothing. Its life begins anew. Undefined: the
   * session is gone.
   */
  async signIn(
    id: string,
    { user, data, signal, ...visitor }: SignIn<Data>,
  ): Promise<IssuedSession | undefined> {
    const text = data === undefined ? undefined : await this.#codec.encode(data);
    return this.#rotate(id, { user, data: text, renews: true, ...describedVisitor(visitor) }, { signal });
  }

  /** Gives a session another id, for when what it may do changes. Undefined: it is gone. */
  rotate(id: string, call: Abortable = {}): Promise<IssuedSession | undefined> {
    return this.#rotate(id, { renews: false }, call);
  }

  /** Ends a session, by its id or one that it had within the last hour. Whatever was under way for it does not bring it back. False: there was none. */
  destroy(id: string, call: Abortable = {}): Promise<boolean> {
    return this.#keeper.destroy(id, call);
  }

  /** The sessions of a user, last seen first. */
  async list(user: string, { current, limit = 100, signal }: ListSessions = {}): Promise<OwnedSession[]> {
    const listed = await this.#keeper.list(user, requireInteger('limit', limit, 1, 10_000), { signal });
    const own = current === undefined ? undefined : digestOf(current);
    return listed.map((one) => ({ ...infoOf(handleOf(one.id), one), current: one.id === own }));
  }

  /** Ends one session of the user, by its handle or one that it had within the last hour. False: they have none of that handle. */
  async revoke(user: string, handle: string, call: Abortable = {}): Promise<boolean> {
    // It may be an id, by mistake, which nobody is to read in a message.
    if (!/^[\w-]{43}$/.test(handle))
      throw new InvalidArgument('handle', 'one that was listed, of 43 characters', handle.length);
    const only = digestOfHandle(handle);
    return only !== undefined && (await this.#keeper.destroyOf(user, { only }, call)) > 0;
  }

  /**
   * Ends all sessions of the user, but for one if that is wished. Answers how many; fewer, where the store had to be asked twice.
   */
  revokeAll(user: string, { except, signal }: RevokeAll = {}): Promise<number> {
    const stays = except === undefined ? undefined : digestOf(except);
    return this.#keeper.destroyOf(user, { except: stays }, { signal });
  }

  /** Removes from the store what is over, beyond what is done in the background. Answers how much that was. */
  sweep(): Promise<number> {
    return this.#sweeper.sweep();
  }

  health(): Promise<Health> {
    return this.#keeper.health();
  }

  /** Ends the work in the background. The store stays open. */
  close(): Promise<void> {
    return this.#sweeper.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** False: it has just ended. That the store could not be told is no reason to turn somebody away. */
  async #see(id: string, { seenForMs }: StoredSession, call: KeeperCall): Promise<boolean> {
    const { store, times } = this.#keeper;
    if (seenForMs < times.touchEveryMs) return true;
    try {
      return await this.#keeper.see(id, call);
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      if (sessionTroubles.active) sessionTroubles.emit({ work: 'touch', store: store.name, error });
      return true;
    }
  }

  async #opened(id: string, stored: StoredSession): Promise<Session<Data>> {
    const data = await this.#codec.decode(stored.data);
    const { user, version } = stored;
    return { ...infoOf(handleOf(digestOf(id)), stored), user, data, version };
  }

  async #rewrite(id: string, seen: string, data: Data, call: Abortable): Promise<WriteVerdict> {
    const text = await this.#codec.encode(data);
    const change = { seen, data: text, idleMs: this.#keeper.times.ttlMs };
    return (await this.#keeper.write(id, change, call)).verdict;
  }

  async #rotate(
    id: string,
    change: Omit<Rotation, 'idleMs'>,
    call: Abortable,
  ): Promise<IssuedSession | undefined> {
    const idleMs = this.#keeper.times.ttlMs;
    const rotated = await this.#keeper.rotate(id, { ...change, idleMs }, call);
    return rotated.verdict === 'done'
      ? { id: rotated.id, handle: handleOf(digestOf(rotated.id)) }
      : undefined;
  }
}

/** Sessions over a store. */
export function createSessions<Data = SessionData>(options: SessionOptions<Data>): Sessions<Data> {
  const { schema, ...others } = options;
  return new Sessions(new SessionKeeper(options.store, sessionTimes(others)), new DataCodec(schema));
}
