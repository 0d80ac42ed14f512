import type { Health } from '../kernel/health.ts';

/**
 * What sessions ask of the place that keeps them.
 *
 * A session has an id, which is a digest of what its bearer shows: no store ever sees anything that would open a session. It may have a user, and then
 * it is in the list of that user. It ends when it was not seen for its idle time, at its last moment in any case, or when it is destroyed. Of a
 * session that was destroyed a **stone** stays for a while, so that nothing that comes late begins it anew. One stays of each id that a session had
 * before it was given another one, too, and leads to that: whoever ends it by an id that it has no more, since a rotation was under way at that moment,
 * ends it all the same.
 *
 * Obligations of every store, shown by the laws in `@parley/cache-core/session/conformance`:
 * - Each method is atomic: a session and its place in the list of its user change together or not at all.
 * - What was destroyed does not come back: no write, touch or rotation that comes later changes or makes anything, and no `create` while the
 *   stone is there. Neither does what has ended by its time.
 * - Who ends a session wins over whoever gives it another id at that moment, whichever comes first, for as long as the stone of the former id is there.
 * - Asking again is harmless: a call that is repeated with the same version or token, since its reply was lost, is answered as the first
 *   one was and changes nothing more.
 * - Time is the store's own: whatever ends in `Ms` counts from when the store carries the call out. Clocks of processes decide nothing.
 * - Text comes back as it was given. Users are any text of up to 1,024 bytes without control characters; ids, versions and tokens up to 64
 *   characters of ASCII without spaces; all other text is well-formed and has no NUL. Nothing in them has a meaning.
 * - At most once: what a lost connection leaves open is reported as `StoreUnavailable`, never sent again by the store.
 * - Failures are `StoreUnavailable` (try later) or `StoreFault` (trying again will not help), with the driver's error as `cause`. They are never
 *   told as the absence of a session.
 * - Nothing is left for ever: sessions, stones and lists end, by themselves or by `sweep`.
 * - A store closes nothing that it did not open.
 */
export interface SessionStore {
  /** For messages and metrics: `redis`, `postgres`, `pglite`, `memory`. */
  readonly name: string;
  /** What its names stand under, for messages and metrics: a prefix, a schema. @default nothing */
  readonly prefix?: string | undefined;
  readonly capabilities: SessionStoreCapabilities;

  /** Which of the places, that the store is divided into, an id belongs to. A session can only be rotated within its place. */
  readonly placeOf: (id: string) => number;

  /**
   * Begins a session. `taken`: there is another one of that id; `ended`: there was, and it was destroyed. In both cases nothing was done.
   */
  readonly create: (session: SessionToCreate, call?: SessionCall) => Promise<CreateVerdict>;

  /** The session as it is, or undefined where there is none. It is not taken to be seen by this. */
  readonly read: (id: string, call?: SessionCall) => Promise<StoredSession | undefined>;

  /** Replaces data and user of a session that is there, which is seen by this. */
  readonly write: (change: SessionToWrite, call?: SessionCall) => Promise<WriteVerdict>;

  /** The session is seen, and lives for `idleMs` from now on, if it does not come to its last moment before. False: there is none. */
  readonly touch: (id: string, idleMs: number, call?: SessionCall) => Promise<boolean>;

  /** Gives a session another id, and leaves a stone under the one it had, by which it can only be ended. */
  readonly rotate: (change: SessionToRotate, call?: SessionCall) => Promise<WriteVerdict>;

  /** Ends sessions, by an id that they have or had, and leaves a stone also where there was none. Tells for each whether it was ended by this token. */
  readonly destroy: (ids: readonly string[], ending: Ending, call?: SessionCall) => Promise<boolean[]>;

  /** The sessions of a user that are not over, last seen first. */
  readonly list: (user: string, limit: number, call?: SessionCall) => Promise<ListedSession[]>;

  /**
   * Ends the sessions of a user: all of them, or all but one, or only one. Answers how many; of those that were ended before by the same token
   * only the one of `only` counts again. In a store of several places it is atomic in each.
   */
  readonly destroyOf: (user: string, ending: EndingOfUser, call?: SessionCall) => Promise<number>;

  /** Removes up to `limit` sessions and stones that are over; any process may do it at any time, several at once too. */
  readonly sweep: (limit: number, call?: SessionCall) => Promise<Swept>;

  /** Answers within its own deadline, and never rejects. */
  readonly health: () => Promise<Health>;
}

export interface SessionStoreCapabilities {
  /** Whether other processes see what this one changes. */
  readonly shared: boolean;
  /** Whether somebody has to call `sweep`; where not, what is over goes by itself. */
  readonly sweeps: boolean;
  /** The largest data in bytes of UTF-8; larger ones are refused before the call. */
  readonly maxDataBytes: number;
}

export interface SessionCall {
  /** Gives up waiting; what was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

export interface SessionToCreate {
  readonly id: string;
  /** Names this state of the session, chosen by the writer; a `create` that finds it there was carried out before. */
  readonly version: string;
  readonly user?: string | undefined;
  readonly data: string;
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly idleMs: number;
  /** Up to its last moment. */
  readonly maxAgeMs: number;
}

export type CreateVerdict = 'created' | 'taken' | 'ended';

/** `gone`: there is no such session, or not any more. */
export type WriteVerdict = 'done' | 'conflict' | 'gone';

export interface SessionToWrite {
  readonly id: string;
  /** The new version; where it is there already, the write was carried out before. */
  readonly version: string;
  /** The version that the writer has seen; with another one there it is a `conflict`. @default whichever is there */
  readonly seen?: string | undefined;
  /** Null: nobody's. @default as it is */
  readonly user?: string | null | undefined;
  readonly data: string;
  readonly idleMs: number;
}

export interface SessionToRotate {
  readonly from: string;
  /** An id that was never used before, of the same place. */
  readonly to: string;
  readonly version: string;
  readonly seen?: string | undefined;
  /** @default as it is */
  readonly user?: string | undefined;
  /** @default as it is */
  readonly data?: string | undefined;
  /** @default as it is */
  readonly address?: string | undefined;
  /** @default as it is */
  readonly userAgent?: string | undefined;
  readonly idleMs: number;
  /** Begins its life anew, and moves its last moment. @default as it is */
  readonly maxAgeMs?: number | undefined;
  /** How long the stone under the old id stays. */
  readonly stoneMs: number;
}

export interface Ending {
  /** Names who ends it, so that a repetition is told from somebody else's. */
  readonly token: string;
  readonly stoneMs: number;
}

export interface EndingOfUser extends Ending {
  /** Only this one, by an id that it has or had, if it is a session of the user. @default all */
  readonly only?: string | undefined;
  /** All but this one. @default all */
  readonly except?: string | undefined;
}

/** What is known of a session besides its data. */
export interface SessionFacts {
  /** By the clock of the store, in milliseconds since 1970. */
  readonly createdAt: number;
  /** By the clock of the store, in milliseconds since 1970. */
  readonly seenAt: number;
  /** How long ago that was. */
  readonly seenForMs: number;
  /** When it ends, if it is not seen again. */
  readonly endsInMs: number;
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
}

export interface StoredSession extends SessionFacts {
  readonly version: string;
  readonly user?: string | undefined;
  readonly data: string;
}

export interface ListedSession extends SessionFacts {
  readonly id: string;
}

export interface Swept {
  readonly removed: number;
  /** There may be more. */
  readonly more: boolean;
}
