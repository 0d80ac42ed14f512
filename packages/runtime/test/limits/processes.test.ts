import type { PostgresConfig } from '@parley/adapter-postgres';
import { proofMs, sharedPostgres, sharedRedis, sharedRedisCluster, until } from '@parley/services';
import { redisConfigFromUrl } from '@parley/adapter-redis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Server } from '../programs/limited.ts';
import { mostAtOnce } from '../support/admissions.ts';
import { startParty, type Party } from '../support/party.ts';
import { rushRules, type RushRule } from '../support/rush-rules.ts';

// Eight processes start, on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const names = ['Redis', 'Redis Cluster', 'Postgres'] as const;
const ms = proofMs(2_000);
const minutes = 60_000;
/** One is five minutes ahead, one behind. */
const skews = [5 * minutes, -5 * minutes, 0, 0, 0, 0, 0, 0];

let parties: Party[] = [];

async function servers(): Promise<Readonly<Record<string, Server>>> {
  const [redis, cluster, postgres] = await Promise.all([
    sharedRedis(),
    sharedRedisCluster(),
    sharedPostgres(),
  ]);
  const nodes = cluster.urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) }));
  const patience = { responseTimeout: '20s', connectTimeout: '20s' } as const;
  const config: PostgresConfig = {
    url: postgres.url,
    schema: postgres.schema,
    maxConnections: 3,
    queryTimeout: '20s',
    connectTimeout: '20s',
  };
  return {
    Redis: {
      kind: 'redis',
      config: { ...redisConfigFromUrl(redis.url), prefix: redis.prefix, ...patience },
    },
    'Redis Cluster': {
      kind: 'redis',
      config: { mode: 'cluster', nodes, prefix: cluster.prefix, ...patience },
    },
    Postgres: { kind: 'postgres', config },
  };
}

beforeAll(async () => {
  const all = await servers();
  parties = await Promise.all(
    skews.map((skewMs, i) => startParty({ servers: all, skewMs, remembers: i % 4 < 2 })),
  );
  // The first one makes the tables; then all are connected.
  for (const some of [parties.slice(0, 1), parties])
    await Promise.all(
      some.flatMap((each) =>
        names.map((on) => each.ask({ do: 'check', on, rule: 'hourly', identity: 'first', cost: 1 })),
      ),
    );
});
afterAll(() => Promise.all(parties.map((party) => party.end())));

const party = (i: number): Party => {
  const one = parties[i];
  if (one === undefined) throw new Error(`there is no process ${i}`);
  return one;
};

const times = z.array(z.number());
const rushed = z.record(
  z.string(),
  z.object({ asked: z.number(), told: z.number(), admitted: times, ended: times }),
);
const verdict = z.object({
  ok: z.boolean(),
  remaining: z.number(),
  retryAfterMs: z.number(),
  resetMs: z.number(),
});
const lock = z.object({ fence: z.number(), held: z.boolean(), remainingMs: z.number() }).nullable();

describe.each(names)('on %s', (on) => {
  test(`eight processes that ask about one key as fast as they can for ${ms / 1_000} s are admitted to no more than each rule allows`, async () => {
    const order = { do: 'rush', on, identity: 'one', ms } as const;
    const all = (await Promise.all(parties.map((each) => each.ask(order)))).map((one) => rushed.parse(one));
    const rules = Object.keys(rushRules).filter((name): name is RushRule => name in rushRules);
    for (const rule of rules) {
      const each = all.flatMap((one) => one[rule] ?? []);
      const admitted = each.flatMap((one) => one.admitted);
      const asked = each.reduce((n, one) => n + one.asked, 0);
      const { most, limit } = mostAtOnce(
        rule,
        admitted,
        each.flatMap((one) => one.ended),
      );
      process.stdout.write(
        `${on}, ${rule}: ${asked} asked, ${admitted.length} admitted, at most ${most} of ${limit}\n`,
      );
      const told = each.reduce((n, one) => n + one.told, 0);
      expect([rule, told, most <= limit]).toEqual([rule, admitted.length, true]);
      // It was exceeded indeed: each of them was denied some.
      expect(each.map((one) => one.asked > one.told)).toEqual(skews.map(() => true));
      expect(told).toBeGreaterThan(0);
    }
  });

  test('clocks that are five minutes off change nothing', async () => {
    for (const [i, offsetMs] of skews.slice(0, 2).entries()) {
      const [wrong, right] = [party(i), party(2 + i)];
      const now = z.number().parse(await wrong.ask({ do: 'clock' }));
      expect(Math.abs(now - Date.now() - offsetMs)).toBeLessThan(minutes);
      const identity = `by clock ${i}`;
      const check = async (who: Party, cost: number) =>
        verdict.parse(await who.ask({ do: 'check', on, rule: 'hourly', identity, cost }));
      expect(await check(right, 2)).toMatchObject({ ok: true, remaining: 3 });
      expect(await check(wrong, 2)).toMatchObject({ ok: true, remaining: 1 });
      const denied = [await check(right, 2), await check(wrong, 2)];
      for (const { ok, retryAfterMs, resetMs } of denied)
        expect([ok, retryAfterMs <= 60 * minutes, resetMs > 59 * minutes]).toEqual([false, true, true]);
      await wrong.ask({ do: 'block', on, identity });
      const { retryAfterMs } = await check(right, 1);
      expect([retryAfterMs > 59 * minutes, retryAfterMs <= 60 * minutes]).toEqual([true, true]);

      const key = `by clock ${i}`;
      const take = async (who: Party) => lock.parse(await who.ask({ do: 'lock', on, key }));
      const fences: number[] = [];
      for (const [one, other] of [
        [right, wrong],
        [wrong, right],
        [right, wrong],
      ] as const) {
        const taken = await take(one);
        expect(taken).toMatchObject({ held: true });
        expect(taken?.remainingMs).toBeLessThanOrEqual(30_000);
        fences.push(taken?.fence ?? 0);
        expect(await take(other)).toBeNull();
        expect(await one.ask({ do: 'unlock', on, key })).toBe(true);
      }
      expect(fences).toEqual(fences.toSorted((a, b) => a - b));
      expect(new Set(fences).size).toBe(fences.length);
    }
  });
});

test('slots of a process that was killed, and of one that stood still, are free when the lease is over, on every store', async () => {
  const [still, killed] = [party(4), party(5)];
  const slots = { rule: 'brief', identity: 'slots' } as const;
  const hold = (who: Party) => Promise.all(names.map((on) => who.ask({ do: 'hold', on, cost: 1, ...slots })));
  await Promise.all([hold(still), hold(killed)]);
  const bothOn = async (on: string) =>
    verdict.parse(await party(3).ask({ do: 'check', on, cost: 2, ...slots }));
  for (const on of names) expect(await bothOn(on)).toMatchObject({ ok: false, remaining: 0 });
  still.kill('SIGSTOP');
  killed.kill('SIGKILL');
  for (const on of names)
    await until(async () => (await bothOn(on)).ok, { what: `both are free on ${on}`, every: 50 });
  still.kill('SIGCONT');
  await until(() => still.lost().length === names.length, { what: 'it knows that they were lost' });
  expect(new Set(still.lost())).toEqual(new Set(['SLOTS_LOST']));
});
