// One of several processes that share limits and locks: it does what it is told to, on the store that is named.
import './skew.ts';
import { setImmediate } from 'node:timers/promises';
import { connectPostgres, type PostgresConfig } from '@parley/adapter-postgres';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { connectRedis, type RedisConfig } from '@parley/adapter-redis';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { createLocks, type Lock, type LockStore } from '@parley/cache-core/lock';
import { createLimiter, type LimitStore, type Verdict } from '@parley/ratelimit';
import { calmRules, rushRules, type Rush, type RushRule } from '../support/rush-rules.ts';

export type Server =
  | { readonly kind: 'redis'; readonly config: RedisConfig }
  | { readonly kind: 'postgres'; readonly config: PostgresConfig };

export type Order =
  | { readonly do: 'rush'; readonly on: string; readonly identity: string; readonly ms: number }
  | CheckOrder<'check'>
  | CheckOrder<'hold'>
  | { readonly do: 'block'; readonly on: string; readonly identity: string }
  | { readonly do: 'lock'; readonly on: string; readonly key: string }
  | { readonly do: 'unlock'; readonly on: string; readonly key: string }
  | { readonly do: 'clock' };

interface CheckOrder<What extends string> {
  readonly do: What;
  readonly on: string;
  readonly rule: keyof typeof calmRules;
  readonly identity: string;
  readonly cost: number;
}

interface Opened {
  readonly limits: LimitStore;
  readonly locks: LockStore;
}

function open(server: Server): Opened {
  if (server.kind === 'postgres') {
    const db = connectPostgres(server.config);
    return { limits: postgresLimitStore(db), locks: postgresLockStore(db) };
  }
  const connection = connectRedis(server.config);
  return { limits: redisLimitStore(connection), locks: redisLockStore(connection) };
}

const servers: Readonly<Record<string, Server>> = JSON.parse(process.argv[2] ?? '{}');
/** Half of the processes answer for themselves what the store has denied, as by default, and the others always ask it. */
const remember = process.argv[3] === 'forgets' ? 0 : undefined;
const within = '20s';
const admitted = new Map<string, number[]>();
const ended = new Map<string, number[]>();
const note = (into: Map<string, number[]>, rule: string, at: number): void => {
  const times = into.get(rule);
  if (times === undefined) into.set(rule, [at]);
  else times.push(at);
};

/** Notes what the store says, whatever the limiter makes of it. */
const noted = (store: LimitStore): LimitStore => ({
  ...store,
  take: async (requests, call) => {
    const all = await store.take(requests, call);
    for (const [i, { ok, at }] of all.entries())
      if (ok) note(admitted, requests[i]?.charges[0]?.rule.name ?? '', at);
    return all;
  },
  release: async (holds, call) => {
    const all = await store.release(holds, call);
    for (const [i, { held, at }] of all.entries()) if (held) note(ended, holds[i]?.rule.name ?? '', at);
    return all;
  },
});

const places = Object.fromEntries(
  Object.entries(servers).map(([name, server]) => {
    const { limits, locks: store } = open(server);
    return [
      name,
      {
        rush: createLimiter({ store: noted(limits), rules: rushRules, remember, within }),
        calm: createLimiter({ store: limits, rules: calmRules, within }),
        locks: createLocks({ store, storeDeadline: within }),
      },
    ];
  }),
);
const held = new Map<string, Lock>();
const placeOf = (name: string) => places[name] ?? fail(`there is no ${name}`);
const fail = (message: string): never => {
  throw new Error(message);
};

async function rush(on: string, rule: RushRule, identity: string, ms: number): Promise<Rush> {
  const limiter = placeOf(on).rush;
  const end = performance.now() + ms;
  let [asked, told] = [0, 0];
  const ask = async (): Promise<boolean> => {
    const { ok, decidedBy, holder } = await limiter.check(rule, { identity });
    if (decidedBy !== 'store' && decidedBy !== 'blocked') fail(`${rule} was decided by ${decidedBy}`);
    asked += 1;
    if (!ok) return false;
    told += 1;
    if (holder !== undefined) await limiter.release(holder, { rules: rule, identity });
    return true;
  };
  // A machine may be so slow that nobody was denied by then.
  for (let denied = false; performance.now() < end || !denied;) {
    const all = await Promise.all(Array.from({ length: 8 }, ask));
    denied ||= all.includes(false);
    // What is answered in this process takes no turn of its loop.
    await setImmediate();
  }
  return { asked, told, admitted: admitted.get(rule) ?? [], ended: ended.get(rule) ?? [] };
}

const brief = ({ ok, remaining, retryAfterMs, resetMs, decidedBy }: Verdict) => ({
  ok,
  remaining,
  retryAfterMs,
  resetMs,
  decidedBy,
});

async function carryOut(order: Order): Promise<unknown> {
  if (order.do === 'clock') return Date.now();
  const place = placeOf(order.on);
  if (order.do === 'rush') {
    admitted.clear();
    ended.clear();
    const names = Object.keys(rushRules).filter((name): name is RushRule => name in rushRules);
    const all = names.map((rule) => rush(order.on, rule, order.identity, order.ms));
    return Object.fromEntries((await Promise.all(all)).map((one, i) => [names[i], one]));
  }
  if (order.do === 'check') return brief(await place.calm.check(order.rule, order));
  if (order.do === 'block') return place.calm.block({ identity: order.identity, rules: 'hourly' }, '1h');
  if (order.do === 'hold') {
    const begun = Promise.withResolvers<void>();
    const run = place.calm.run(order.rule, order, (signal) => {
      begun.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
    });
    void run.then((reason) => process.send?.({ lost: Reflect.get(Object(reason), 'code') }), begun.reject);
    await begun.promise;
    return true;
  }
  const name = `${order.on} ${order.key}`;
  if (order.do === 'unlock') return held.get(name)?.release();
  const lock = await place.locks.tryAcquire(order.key);
  if (lock === undefined) return null;
  held.set(name, lock);
  return { fence: lock.fence, held: lock.held, remainingMs: lock.remainingMs };
}

// Answers come in the order of the orders, each of which may wait for another process.
let answered = Promise.resolve();
process.on('message', (order: Order) => {
  const outcome = carryOut(order).then(
    (answer) => ({ answer: answer ?? null }),
    (error: unknown) => ({ error: String(error) }),
  );
  answered = Promise.all([outcome, answered]).then(([words]) => void process.send?.(words));
});
// Also when the test is gone that started it.
process.on('disconnect', () => process.exit());
process.send?.({ answer: 'ready' });
