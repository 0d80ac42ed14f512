import type { Logger } from '@parley/cache-core/kernel';
import type { ListedSession, SessionStore } from '@parley/cache-core/session';
import { byTag } from '../bus/by-tag.ts';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { warnOfEviction } from '../eviction.ts';
import { requirePrefix } from '../keys.ts';
import { asList, type ScriptCall, type Word } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
import { within } from '../within.ts';
import { sessionKey, sessionKeys, userKey } from './keys.ts';
import { listedOf, nothing, storedOf, verdictOf, wholeMs, wordOf } from './words.ts';

export interface RedisSessionStoreOptions {
  /** Stands before every key. @default the prefix of the connection */
  readonly prefix?: string | undefined;
  /** Told when the server may evict sessions. @default a warning of the process */
  readonly logger?: Pick<Logger, 'warn'> | undefined;
}

const load = (name: string): Script =>
  loadScript('bus/history', 'session/session', 'session/whole', `session/${name}`);
const scripts = {
  create: load('create'),
  read: loadScript('bus/history', 'session/session', 'session/read'),
  write: load('write'),
  touch: load('touch'),
  rotate: load('rotate'),
  destroy: load('destroy'),
  destroyOf: load('destroy-of'),
  list: load('list'),
};

/** How many sessions of a user one script ends, and the least that one looks at: nobody else is answered meanwhile. */
const atOnce = 1_000;

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sessions for all processes that use the same prefix. Each call is one script; in Cluster those that are about a user are one in each of 16
 * partitions. A user of more than a thousand sessions is signed out of them in steps, and listed with those that were seen last. What is over goes by its time to live. The connection stays the caller's to close.
 */
export function redisSessionStore(
  connection: RedisConnection,
  options: RedisSessionStoreOptions = {},
): SessionStore {
  const { reads, changes, clock } = internalsOf(connection);
  const prefix = requirePrefix('prefix', options.prefix ?? connection.prefix);
  const { bases, placeOf } = sessionKeys(prefix, changes.clustered);
  const baseOf = (id: string): string => bases[placeOf(id)] ?? '';
  warnOfEviction(connection, { clock, what: 'sessions', logger: options.logger });

  /** A script over one session. */
  const change = async (
    what: string,
    script: Script,
    id: string,
    words: readonly Word[],
    call: Call | undefined,
    others: readonly string[] = [],
  ): Promise<unknown> => {
    const base = baseOf(id);
    const keys = [id, ...others].map((one) => sessionKey(base, one));
    const [reply] = await within([id], call, async () => [
      await changes.run(what, script, keys, [base, id, ...words]),
    ]);
    return reply;
  };

  const ofUser = (user: string, words: readonly Word[]): ScriptCall[] =>
    bases.map((base) => ({ keys: [userKey(base, user)], words: [base, user, ...words] }));

  return {
    name: 'redis',
    prefix,
    capabilities: { shared: true, sweeps: false, maxDataBytes: 1024 * 1024 },
    placeOf,

    create: async ({ id, version, user, data, address, userAgent, idleMs, maxAgeMs }, call) => {
      const visitor = [wordOf(address), wordOf(userAgent)];
      const words = [version, user ?? '', data, ...visitor, wholeMs(idleMs), wholeMs(maxAgeMs)];
      const word = String(await change('begin a session', scripts.create, id, words, call));
      if (word === 'created' || word === 'taken' || word === 'ended') return word;
      throw new TypeError('the beginning of a session must have a verdict');
    },

    read: async (id, call) => {
      const keys = [sessionKey(baseOf(id), id)];
      const [reply] = await within([id], call, async () => [
        await reads.run('read a session', scripts.read, keys, []),
      ]);
      return storedOf(reply);
    },

    write: async ({ id, version, seen, user, data, idleMs }, call) => {
      const owner = user === null ? '' : wordOf(user);
      const words = [version, wordOf(seen), owner, data, wholeMs(idleMs)];
      return verdictOf(await change('write a session', scripts.write, id, words, call));
    },

    touch: async (id, idleMs, call) =>
      Number(await change('touch a session', scripts.touch, id, [wholeMs(idleMs)], call)) === 1,

    rotate: async ({ from, to, version, idleMs, maxAgeMs, stoneMs, ...more }, call) => {
      const given = [more.seen, more.user, more.data, more.address, more.userAgent].map(wordOf);
      const age = maxAgeMs === undefined ? -1 : wholeMs(maxAgeMs);
      const words = [to, version, ...given, wholeMs(idleMs), age, wholeMs(stoneMs)];
      return verdictOf(await change('rotate a session', scripts.rotate, from, words, call, [to]));
    },

    destroy: async (ids, { token, stoneMs }, call) => {
      const groups = byTag(ids, baseOf);
      const calls = groups.map(({ tag: base, items }) => ({
        keys: items.slice(0, 1).map((id) => sessionKey(base, id)),
        words: [base, token, wholeMs(stoneMs), ...items],
      }));
      const replies = await within(ids, call, () => changes.runAll('end sessions', scripts.destroy, calls));
      const ended = ids.map(() => false);
      for (const [i, { places }] of groups.entries()) {
        const answers = asList(replies[i]);
        for (const [j, place] of places.entries()) ended[place] = Number(answers[j]) === 1;
      }
      return ended;
    },

    list: async (user, limit, call) => {
      const replies = await within([user], call, () =>
        reads.runAll('list sessions', scripts.list, ofUser(user, [limit, Math.max(limit, atOnce)])),
      );
      return replies.flatMap(listedOf).toSorted(lastSeenFirst).slice(0, limit);
    },

    destroyOf: async (user, { token, stoneMs, only = nothing, except = nothing }, call) => {
      const words = [token, wholeMs(stoneMs), only, except, atOnce];
      // One session is in one place; elsewhere nobody needs to be asked.
      let calls = ofUser(user, words).filter((_, i) => only === nothing || i === placeOf(only));
      let ended = 0;
      while (calls.length > 0) {
        const asked = calls;
        const replies = await within([user], call, () =>
          changes.runAll('end sessions of a user', scripts.destroyOf, asked),
        );
        const answers = replies.map((reply) => asList(reply).map(Number));
        for (const [count = 0] of answers) ended += count;
        calls = asked.filter((_, i) => answers[i]?.[1] === 1);
      }
      return ended;
    },

    sweep: async () => ({ removed: 0, more: false }),

    health: () => connection.health({ holds: 'state' }),
  };
}

const lastSeenFirst = (a: ListedSession, b: ListedSession): number =>
  b.seenAt - a.seenAt || (a.id < b.id ? -1 : 1);
