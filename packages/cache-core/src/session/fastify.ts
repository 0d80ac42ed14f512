import { callbackify } from 'node:util';
import { createLru } from '../kernel/lru.ts';
import type { Sessions } from './sessions.ts';
import { keeperOf } from './sessions.ts';
import { WebSessions } from './web-sessions.ts';
import type { Knowledge, WebSessionsOptions } from './web-sessions.ts';

type Callback = (error?: unknown) => void;

/** What @fastify/session asks of a store; its own type of a session is not known here. */
export interface FastifyStore<Session = never> {
  get(id: string, callback: (error: unknown, session?: Session | null) => void): void;
  set(id: string, session: object, callback: Callback): void;
  destroy(id: string, callback: Callback): void;
}

/** Of how many sessions it is remembered that they were read: more than are in use in one process at once. */
const remembered = 10_000;

/**
 * A store for @fastify/session. The sessions are those of `sessions`, which lists and revokes them. A session that was ended is not brought back
 * by a request that comes late with it: what that one saves is dropped, and its callback told of no error.
 */
export function fastifySessionStore<Data>(
  sessions: Sessions<Data>,
  options?: WebSessionsOptions,
): FastifyStore;
export function fastifySessionStore<Data>(
  sessions: Sessions<Data>,
  options: WebSessionsOptions = {},
): FastifyStore<object> {
  const web = new WebSessions(keeperOf(sessions), options);
  // By id, since the framework makes objects of its own from what it is given. Without an entry a session is begun anew, which the store refuses
  // for those that have ended.
  const known = createLru<string, Knowledge>({ maxEntries: remembered });

  return {
    get: (id, callback) => {
      callbackify(async () => {
        const loaded = await web.load(id);
        known.set(id, loaded?.known ?? 'gone');
        return loaded?.data ?? null;
      })(callback);
    },
    set: (id, session, callback) => {
      callbackify(async () => void known.set(id, await web.save(id, session, known.get(id))))(callback);
    },
    destroy: (id, callback) => {
      callbackify(async () => {
        await web.destroy(id);
        known.set(id, 'gone');
      })(callback);
    },
  };
}
