import { callbackify } from 'node:util';
import type { Sessions } from './sessions.ts';
import { keeperOf } from './sessions.ts';
import { WebSessions } from './web-sessions.ts';
import type { Knowledge, WebSessionsOptions } from './web-sessions.ts';

/** What is used of `Store` of express-session. */
export interface ExpressStore {
  createSession(req: object, session: object): object;
}

/** The module of express-session. */
export interface ExpressSession<Store extends ExpressStore> {
  readonly Store: abstract new () => Store;
}

type Callback = (error?: unknown) => void;
type LoadCallback = (error: unknown, session?: object | null) => void;

export interface ExpressStoreOptions extends WebSessionsOptions {
  /**
   * What becomes of a session that another request has changed since it was read: `overwrite` it, as stores of express-session do, or
   * `refuse` with `SessionConflict`.
   *
   * @default 'overwrite'
   */
  readonly conflicts?: 'overwrite' | 'refuse' | undefined;
}

/**
 * A store for express-session, whose module is the first argument: `session({ store: expressSessionStore(session, sessions) })`. The sessions
 * are those of `sessions`, which lists and revokes them. A session that was ended is not brought back by a request that comes late with it: what
 * that one saves is dropped, and its callback told of no error.
 */
export function expressSessionStore<Store extends ExpressStore, Data>(
  session: ExpressSession<Store>,
  sessions: Sessions<Data>,
  options?: ExpressStoreOptions,
): Store;
export function expressSessionStore<Data>(
  { Store }: ExpressSession<ExpressStore>,
  sessions: Sessions<Data>,
  options: ExpressStoreOptions = {},
): ExpressStore {
  const web = new WebSessions(keeperOf(sessions), options, options.conflicts === 'refuse');
  const { clock } = keeperOf(sessions).times;
  /** By the object itself: two requests may have read different states of one session. */
  const known = new WeakMap<object, Knowledge>();

  const remember = (object: object, now: Knowledge | undefined): void => {
    if (now !== undefined) known.set(object, now);
  };

  class ParleyStore extends Store {
    get(id: string, callback: LoadCallback): void {
      callbackify(async () => {
        const loaded = await web.load(id);
        if (loaded === undefined) return null;
        const data = withExpiry(loaded.data, clock.now() + loaded.endsInMs);
        known.set(data, loaded.known);
        return data;
      })(callback);
    }

    override createSession(req: object, data: object): object {
      const about = known.get(data);
      const made = super.createSession(req, data);
      if (about !== undefined) known.set(made, about);
      return made;
    }

    set(id: string, session: object, callback: Callback = web.unheard('save')): void {
      callbackify(async () => remember(session, await web.save(id, session, known.get(session))))(callback);
    }

    touch(id: string, session: object, callback: Callback = web.unheard('save')): void {
      callbackify(async () => remember(session, await web.touch(id, session, known.get(session))))(callback);
    }

    destroy(id: string, callback: Callback = web.unheard('destroy')): void {
      callbackify(async () => void (await web.destroy(id)))(callback);
    }
  }
  return new ParleyStore();
}

/** A cookie that has an end says when that is: by whether there is one the framework decides what it sends. */
function withExpiry(data: Record<string, unknown>, endsAt: number): Record<string, unknown> {
  const { cookie } = data;
  if (typeof cookie !== 'object' || cookie === null) return data;
  const ends = typeof Reflect.get(cookie, 'originalMaxAge') === 'number';
  return { ...data, cookie: { ...cookie, expires: ends ? new Date(endsAt) : null } };
}
