import { abortable, requireMs, throwIfAborted, type Logger, type Random } from '@parley/cache-core/kernel';
import type { LockCall, LockReply, LockStore } from '@parley/cache-core/lock';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { warnOfEviction } from '../eviction.ts';
import { requirePrefix } from '../keys.ts';
import type { Word } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
import { RedisLockEar } from './ear.ts';
import { lockKeys } from './keys.ts';

export interface RedisLockStoreOptions {
  /** Stands before every key and channel. @default the prefix of the connection */
  readonly prefix?: string | undefined;
  /** How long a lock is kept for whoever's turn it is, in milliseconds. @default 500 */
  readonly claimMs?: number | undefined;
  /** How often whoever waits asks whether turns are still heard, in milliseconds. @default 2_500 */
  readonly probeEveryMs?: number | undefined;
  /** Told when the server may evict locks. @default a warning of the process */
  readonly logger?: Pick<Logger, 'warn'> | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

const scripts = {
  acquire: loadScript('lock/take', 'lock/turn', 'lock/acquire'),
  extend: loadScript('lock/turn', 'lock/extend'),
  release: loadScript('lock/give', 'lock/turn', 'lock/release'),
};

/**
 * Locks for all processes that use the same prefix. Each call is one script. The connection stays the caller's to close.
 *
 * Replication of Redis is asynchronous: what a master has granted its successor may not know, and grant again. Fences rise also then, as far
 * as the clocks of the servers agree; what must never be done twice checks them, or is locked in Postgres.
 */
export function redisLockStore(connection: RedisConnection, options: RedisLockStoreOptions = {}): LockStore {
  const internals = internalsOf(connection);
  const { changes, clock } = internals;
  const { clustered } = changes;
  const prefix = requirePrefix('prefix', options.prefix ?? connection.prefix);
  const keys = lockKeys(prefix, connection.db, clustered);
  const claimMs = Math.ceil(requireMs('claimMs', options.claimMs ?? 500));
  const probeEveryMs = requireMs('probeEveryMs', options.probeEveryMs ?? 2_500);
  const random = options.random ?? Math.random;
  const publish = clustered ? 'SPUBLISH' : 'PUBLISH';
  warnOfEviction(connection, { clock, what: 'locks', logger: options.logger });

  /** Who gives a limit leaves by themselves, and nothing of ours is held for a call. */
  const ask = (
    what: string,
    script: Script,
    names: readonly string[],
    words: readonly Word[],
    call: LockCall | undefined,
  ): Promise<unknown> => {
    const asked = (): Promise<unknown> => changes.run(what, script, names, words);
    if (call?.limitMs !== undefined || call?.signal === undefined) return asked();
    throwIfAborted(call.signal);
    return abortable(asked(), call.signal);
  };

  return {
    name: 'redis',
    prefix,
    capabilities: { shared: true, maxKeyBytes: 1_024 },

    acquire: async ({ key, token, leaseMs, queue }, call) => {
      const tag = keys.tagOf(key);
      const names = [keys.lock(tag, key), keys.queue(tag, key), keys.ends(tag, key), keys.fence(tag)];
      const words: Word[] = [token, Math.ceil(leaseMs), claimMs, publish, keys.channel(tag), key];
      if (queue !== undefined) words.push(queue.ear, Math.ceil(queue.keepMs));
      return readReply(await ask('acquire a lock', scripts.acquire, names, words, call));
    },

    extend: async ({ key, token, leaseMs }, call) => {
      const names = [keys.lock(keys.tagOf(key), key)];
      return (await ask('extend a lock', scripts.extend, names, [token, Math.ceil(leaseMs)], call)) === 1;
    },

    release: async ({ key, token, ear }, call) => {
      const tag = keys.tagOf(key);
      const names = [keys.lock(tag, key), keys.queue(tag, key), keys.ends(tag, key)];
      const words: Word[] = [token, claimMs, publish, keys.channel(tag), key];
      if (ear !== undefined) words.push(ear);
      return (await ask('release a lock', scripts.release, names, words, call)) === 1;
    },

    listen: (listener) =>
      new RedisLockEar({ ...internals, keys, server: connection.server, random, probeEveryMs, listener }),

    health: () => connection.health({ holds: 'state' }),
  };
}

function readReply(reply: unknown): LockReply {
  if (typeof reply !== 'number') throw new TypeError('the server must answer with a number');
  return reply > 0 ? { state: 'granted', fence: reply } : { state: 'held', forMs: Math.abs(reply) };
}
