import type { Clock, Health } from '@parley/cache-core/kernel';
import type { CreateLocksOptions, Locks } from '@parley/cache-core/lock';
import type { SessionData, SessionOptions, Sessions } from '@parley/cache-core/session';
import type { Limiter, LimiterOptions } from '@parley/ratelimit';
import type { Backend } from './backend.ts';
import type { Closers } from './closers.ts';
import type { GateStores } from './gate-stores.ts';
import { Made } from './made.ts';

/** What is said of a limiter: its rules, and how it is asked. */
export type OpenLimiterOptions<Name extends string> = Omit<LimiterOptions<Name>, 'store' | 'clock'>;

/** What is said of locks. */
export type OpenLocksOptions = Omit<CreateLocksOptions, 'store' | 'clock'>;

/** What is said of sessions. */
export type OpenSessionsOptions<Data = SessionData> = Omit<SessionOptions<Data>, 'store' | 'clock'>;

/**
 * What lets in: who may how often, who holds what, who is signed in. Each is made by a call, once in a program, and closed by `close`. Only
 * then is its code loaded; nothing is asked of the store before it is used.
 */
export interface Gates {
  /** Rules of the same name, kind and period count together, whichever limiter and process they are in. */
  readonly limiter: <Name extends string>(options: OpenLimiterOptions<Name>) => Promise<Limiter<Name>>;
  /** Keys are the same ones in all processes. */
  readonly locks: (options?: OpenLocksOptions) => Promise<Locks>;
  /** They are the same ones in all processes. */
  readonly sessions: <Data = SessionData>(options?: OpenSessionsOptions<Data>) => Promise<Sessions<Data>>;
}

export interface OpenGates extends Gates {
  /** Of what was made. */
  readonly health: () => Promise<Readonly<Partial<Record<'limits' | 'locks' | 'sessions', Health>>>>;
}

export interface OpenGatesOptions {
  readonly closers: Closers;
  readonly clock: Clock;
  readonly closeMs: number;
}

interface Closable {
  close(): Promise<void>;
}

/** To be opened before the bus, so that it is closed after it: handlers that are still at work may hold a lock. */
export function openGates(
  { gateStores }: Pick<Backend, 'gateStores'>,
  { closers, clock, closeMs }: OpenGatesOptions,
): OpenGates {
  const made = {
    stores: new Made<GateStores>((stores) => stores.close()),
    limits: new Made<Closable>((limiter) => limiter.close()),
    sessions: new Made<Closable>((sessions) => sessions.close()),
    // What cannot be let go by then ends with its lease.
    locks: new Made<Locks>((locks) => locks.close({ within: closeMs / 20_000 })),
  };
  let opening: Promise<GateStores> | undefined;
  let ready: GateStores | undefined;
  const stores = (): Promise<GateStores> => {
    opening ??= gateStores().then((all) => (ready = made.stores.add(() => all)));
    return opening;
  };
  closers.add('what limits and sessions do in the background', () => made.stores.close());
  closers.add('the limits', () => made.limits.close());
  closers.add('the sessions', () => made.sessions.close());
  closers.add('the locks', () => made.locks.close());

  return {
    async limiter(options) {
      const [{ limits: store }, { createLimiter }] = await Promise.all([
        stores(),
        import('./gate-makers.ts'),
      ]);
      return made.limits.add(() => createLimiter({ ...options, store, clock }));
    },
    async locks(options) {
      const [{ locks: store }, { createLocks }] = await Promise.all([stores(), import('./gate-makers.ts')]);
      return made.locks.add(() => createLocks({ ...options, store, clock }));
    },
    async sessions(options) {
      const [{ sessions: store }, { createSessions }] = await Promise.all([
        stores(),
        import('./gate-makers.ts'),
      ]);
      return made.sessions.add(() => createSessions({ ...options, store, clock }));
    },
    async health() {
      const [limits, locks, sessions] = await Promise.all([
        made.limits.used ? ready?.limits.health() : undefined,
        made.locks.used ? ready?.locks.health() : undefined,
        made.sessions.used ? ready?.sessions.health() : undefined,
      ]);
      return { ...(limits && { limits }), ...(locks && { locks }), ...(sessions && { sessions }) };
    },
  };
}
