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
 * What a request has read, within the session that it was given: the framework makes an object of its own of each, and takes over what is in
 * it. Two requests may have read different states of one session. It is never written.
 */
class Reading {
  readonly id: string;
  readonly known: Knowledge;

  constructor(id: string, known: Knowledge) {
    this.id = id;
    this.known = known;
  }

  toJSON(): undefined {
    return undefined;
  }
}

const readingKey = '@parley/reading';

function readingOf(id: string, session: object): Knowledge | undefined {
  const reading: unknown = Reflect.get(session, readingKey);
  return reading instanceof Reading && reading.id === id ? reading.known : undefined;
}

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
  // Of sessions that were begun here, and of those that are over. Without an entry a session is begun anew, which the store refuses for those
  // that have ended.
  const known = createLru<string, Knowledge>({ maxEntries: remembered });
  const written = new WeakMap<object, Knowledge>();

  const knownOf = (id: string, session: object): Knowledge | undefined => {
    const last = known.get(id);
    return last === 'gone' ? last : (written.get(session) ?? readingOf(id, session) ?? last);
  };

  return {
    get: (id, callback) => {
      callbackify(async () => {
        const loaded = await web.load(id);
        known.set(id, loaded?.known ?? 'gone');
        if (loaded === undefined) return null;
        return { ...loaded.data, [readingKey]: new Reading(id, loaded.known) };
      })(callback);
    },
    set: (id, session, callback) => {
      callbackify(async () => {
        const now = await web.save(id, session, knownOf(id, session));
        known.set(id, now);
        written.set(session, now);
      })(callback);
    },
    destroy: (id, callback) => {
      callbackify(async () => {
        await web.destroy(id);
        known.set(id, 'gone');
      })(callback);
    },
  };
}
