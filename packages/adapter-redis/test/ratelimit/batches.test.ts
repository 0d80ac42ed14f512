import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { systemClock } from '@parley/cache-core/kernel';
import {
  memoryLimitStore,
  type Charge,
  type LimitStore,
  type Rule,
  type TakeRequest,
} from '@parley/ratelimit';
import { startRedis, type RedisServer } from '@parley/services';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect, patient } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const block = { forMs: 40, factor: 2, maxMs: 100, forgetMs: 80 };
const rules: readonly Rule[] = [
  { name: 'a', kind: 'gcra', limit: 4, burst: 9, periodMs: 197 },
  { name: 'b', kind: 'bucket', limit: 3, burst: 6, periodMs: 101 },
  { name: 'c', kind: 'gcra', limit: 3, burst: 5, periodMs: 151, block },
  { name: 'd', kind: 'fixed', limit: 6, burst: 6, periodMs: 89 },
];

interface Drawn {
  readonly rules: readonly number[];
  readonly identity: string;
  readonly cost: number;
  readonly times: number;
  readonly kind: 'plain' | 'shadow' | 'token' | 'own burst';
  readonly token: number;
}

const drawn = fc.record({
  rules: fc.uniqueArray(fc.nat(rules.length - 1), { minLength: 1, maxLength: 3 }),
  identity: fc.constantFrom('ann', 'bob'),
  cost: fc.integer({ min: 1, max: 3 }),
  times: fc.integer({ min: 1, max: 4 }),
  kind: fc.constantFrom('plain', 'plain', 'plain', 'plain', 'shadow', 'token', 'own burst'),
  token: fc.nat(2),
});

/** Several of each are alike, and next to each other. */
function requestsOf({ rules: indexes, identity, cost, times, kind, token }: Drawn): TakeRequest[] {
  const charges = indexes.flatMap((index): Charge[] => {
    const known = rules[index];
    if (known === undefined) return [];
    const own = kind === 'own burst' && known.kind !== 'fixed';
    const rule = own ? { ...known, burst: 2 * known.burst } : known;
    return [{ rule, identity, cost, ...(kind === 'shadow' && { shadow: true }) }];
  });
  const request: TakeRequest = {
    charges,
    ...(kind === 'token' && { token: { id: `t${token}`, keepMs: 90 } }),
  };
  return Array.from({ length: times }, () => request);
}

/** Plays them one after the other, at the time at which all of them were decided together. */
function reference(): (requests: readonly TakeRequest[], at: number) => unknown[] {
  let now = 0;
  const store = memoryLimitStore({ clock: { ...systemClock, monotonic: () => now } });
  return (requests, at) => {
    now = at;
    return requests.map(store.takeNow);
  };
}

let histories = 0;

test('what is asked together is answered as if one had come after the other', async () => {
  const connection = connect(patient(server));
  const batch = fc.record({ drawn: fc.array(drawn, { minLength: 1, maxLength: 6 }), waitMs: fc.nat(25) });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 5, maxLength: 12 }), async (batches) => {
      histories += 1;
      const store = redisLimitStore(connection, { prefix: `${histories}:` });
      const expected = reference();
      for (const { drawn: some, waitMs } of batches) {
        const requests = some.flatMap(requestsOf);
        const taken = await store.take(requests);
        const answers = taken.map(({ standings, ...one }) => ({
          ...one,
          standings: standings.map(({ ok, remaining, retryAfterMs, resetMs, blockedMs }) => ({
            ok,
            remaining,
            retryAfterMs,
            resetMs,
            blockedMs,
          })),
        }));
        expect(answers).toEqual(expected(requests, taken[0]?.at ?? 0));
        await systemClock.sleep(waitMs);
      }
    }),
    { numRuns: 12 },
  );
});

const rule: Rule = { name: 'r', kind: 'gcra', limit: 100, burst: 100, periodMs: 3_600_000 };

async function charge(store: LimitStore, cost: number): Promise<{ at: number; resetMs: number }> {
  const [taken] = await store.take([{ charges: [{ rule, identity: 'ann', cost }] }]);
  const [standing] = taken?.standings ?? [];
  if (taken === undefined || standing === undefined) throw new TypeError('an answer');
  return { at: taken.at, resetMs: standing.resetMs };
}

test('a level is kept until it has drained, and no longer than as long again, though its end is seldom set', async () => {
  const store = redisLimitStore(connect(patient(server)), { prefix: 'ends:' });
  const ends = new Set<number>();
  const calls = 40;
  let latest = 0;
  for (let i = 0; i < calls; i++) {
    const { at, resetMs } = await charge(store, 1 + (i % 3));
    const end = Number(await server.command('PEXPIRETIME', 'ends:limit:{ann}r:g3600000'));
    // The server's clock for expiries may be a ms off the one that scripts are told.
    expect(end).toBeGreaterThanOrEqual(at + resetMs - 1);
    latest = Math.max(latest, at + 2 * resetMs + 1);
    expect(end).toBeLessThanOrEqual(latest);
    ends.add(end);
  }
  expect(ends.size).toBeLessThan(calls / 3);
});
