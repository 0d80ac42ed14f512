import type { RedisConfig } from '@parley/adapter-redis';
import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { createLimiter, type LimitStore, type Rule, type RuleKind } from '@parley/ratelimit';
import { startRedisCluster, until, type RedisCluster } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { internalsOf } from '../../src/connection.ts';
import { limitKeys } from '../../src/ratelimit/keys.ts';
import { changeScript } from '../../src/ratelimit/spread.ts';
import { targetCall } from '../../src/ratelimit/words.ts';
import { connect } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let cluster: RedisCluster;
let config: RedisConfig;

beforeAll(async () => {
  cluster = await startRedisCluster({ nodeTimeout: 1_000 });
  config = {
    mode: 'cluster',
    nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
    responseTimeout: '5s',
  };
});
afterAll(() => cluster.stop());

const hour = 3_600_000;
const ruleOf = (kind: RuleKind, limit: number, name = 'r'): Rule => ({
  name,
  kind,
  limit,
  burst: limit,
  periodMs: hour,
});

const remaining = async (store: LimitStore, rule: Rule, identity: string): Promise<number> =>
  (await store.peek([{ rule, identity, cost: 1 }]))[0]?.remaining ?? -1;

test.each<RuleKind>(['gcra', 'fixed', 'sliding', 'log', 'concurrency'])(
  'across slots %s is given back when another rule denies, and nobody is admitted beyond a limit meanwhile',
  async (kind) => {
    const connection = connect(config);
    await connection.ready();
    const store = redisLimitStore(connection);
    const [wide, narrow] = [ruleOf(kind, 40), ruleOf('gcra', 5, `of ${kind}`.replaceAll(' ', '-'))];
    const both = [
      { rule: wide, identity: `wide ${kind}`, cost: 2 },
      { rule: narrow, identity: `narrow ${kind}`, cost: 1 },
    ];
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 2 === 0
          ? store.take([{ charges: both, holder: `h${i}`, token: { id: `t${i}`, keepMs: hour } }])
          : store.take([{ charges: both.slice(0, 1), holder: `h${i}` }]),
      ),
    );
    const ok = all.map(([taken]) => taken?.ok === true);
    const [pairs, singles] = [
      ok.filter((one, i) => one && i % 2 === 0),
      ok.filter((one, i) => one && i % 2 === 1),
    ];
    expect(pairs.length).toBeLessThanOrEqual(5);
    // What was reserved for a moment may have denied others, and is back: the counts are those of who was admitted.
    expect(await remaining(store, wide, `wide ${kind}`)).toBe(40 - 2 * (pairs.length + singles.length));
    expect(await remaining(store, narrow, `narrow ${kind}`)).toBe(5 - pairs.length);
    // A request that was denied has no token left that would admit it.
    const denied = ok.findIndex((one, i) => !one && i % 2 === 0);
    const request = { charges: both, holder: `h${denied}`, token: { id: `t${denied}`, keepMs: hour } };
    expect((await store.take([request]))[0]?.replayed).toBe(false);
    await connection.close();
  },
);

test('a token that reached only some of the slots is completed when the request comes again', async () => {
  const connection = connect(config);
  await connection.ready();
  const store = redisLimitStore(connection);
  const rule = ruleOf('gcra', 5, 'partly');
  const charges = ['one', 'two', 'three'].map((identity) => ({ rule, identity, cost: 1 }));
  const request = { charges, token: { id: 't', keepMs: hour } };
  expect((await store.take([request]))[0]).toMatchObject({ ok: true, replayed: false });
  // As if the call to its slot had been lost.
  const { server } = await cluster.ownerOf('parley:limit:{two}');
  await server.command('DEL', 'parley:limit:{two}partly:g3600000');
  const found: unknown = await server.command('KEYS', 'parley:limit:{two}#*');
  await server.command('DEL', ...(Array.isArray(found) ? found.map(String) : []));
  expect((await store.take([request]))[0]).toMatchObject({ ok: true, replayed: false });
  expect((await store.take([request]))[0]).toMatchObject({ ok: true, replayed: true });
  for (const { identity } of charges) expect(await remaining(store, rule, identity)).toBe(4);
  await connection.close();
});

test('what is given back of a log is the call that was denied, and none that came after it', async () => {
  const connection = connect(config);
  await connection.ready();
  const store = redisLimitStore(connection);
  const rule = ruleOf('log', 3, 'exact');
  const { changes } = internalsOf(connection);
  const keys = limitKeys(connection.prefix);
  const charge = { rule, identity: 'ann', cost: 1 };
  const at: number[] = [];
  for (let i = 0; i < 3; i++) {
    const [taken] = await store.take([{ charges: [charge] }]);
    at.push(taken?.at ?? 0);
    await until(async () => ((await store.peek([charge]))[0]?.at ?? 0) > (at[i] ?? 0), { what: 'time' });
  }
  const call = targetCall(keys, [charge], () => ['u', 1, at[0] ?? 0, '']);
  const undo = () => changes.run('give back a limit', changeScript, call.keys, call.words);
  await undo();
  const [now] = await store.peek([{ ...charge, cost: 3 }]);
  expect(now).toMatchObject({ ok: false, remaining: 1 });
  // Two have to end before there are three: the last of them is the last that was charged.
  expect((now?.at ?? 0) + (now?.retryAfterMs ?? 0)).toBe((at[2] ?? 0) + hour);
  // What is gone is not given back twice.
  await undo();
  expect(await remaining(store, rule, 'ann')).toBe(1);
  await connection.close();
});

test('nobody is blocked by calls that another rule denied', async () => {
  const connection = connect(config);
  await connection.ready();
  const store = redisLimitStore(connection);
  const block = { forMs: hour, factor: 1, maxMs: hour, forgetMs: 0 };
  const name: Rule = { ...ruleOf('fixed', 5, 'name'), block };
  const ann = { rule: name, identity: 'ann', cost: 1 };
  await store.take([{ charges: [{ ...ann, cost: 4 }] }]);
  const guess = async (address: Rule): Promise<boolean> => {
    const charges = [ann, { rule: address, identity: `of ${address.name}`, cost: 1 }];
    return (await store.take([{ charges }]))[0]?.ok === true;
  };
  const many = (address: Rule) => Promise.all(Array.from({ length: 30 }, () => guess(address)));
  // One that is full already.
  const full = ruleOf('gcra', 1, 'full');
  await store.take([{ charges: [{ rule: full, identity: 'of full', cost: 1 }] }]);
  expect(await many(full)).not.toContain(true);
  expect((await store.peek([ann]))[0]).toMatchObject({ remaining: 1, blockedMs: 0 });
  // One that blocks as well and has room for one call: all of them find that there is some.
  await store.reset([ann]);
  const admitted = await many({ ...ruleOf('fixed', 1, 'narrow'), block });
  expect(admitted.filter(Boolean)).toHaveLength(1);
  expect((await store.peek([ann]))[0]).toMatchObject({ remaining: 4, blockedMs: 0 });
  // What is exceeded by calls that are denied elsewhere begins its block all the same.
  await store.take([{ charges: [{ ...ann, cost: 4 }] }]);
  expect(await guess(full)).toBe(false);
  expect((await store.peek([ann]))[0]).toMatchObject({ remaining: 0, blockedMs: expect.any(Number) });
  expect((await store.peek([ann]))[0]?.blockedMs).toBeGreaterThan(0);
  await connection.close();
});

test('while a master hangs, who is counted by another one does not notice', async () => {
  const connection = connect(config);
  await connection.ready();
  const store = redisLimitStore(connection);
  const limiter = createLimiter({
    store,
    rules: { message: { limit: 1_000_000, per: '1h', whenAway: 'open' } },
    within: '1s',
  });
  const names = Array.from({ length: 40 }, (_, i) => `user ${i}`);
  const lost = (await cluster.masters())[0];
  if (lost === undefined) throw new Error('a master is missing');
  const owners = await Promise.all(names.map((name) => cluster.ownerOf(`parley:limit:{${name}}`)));
  const check = (identity: string) => limiter.check('message', { identity });
  await until(
    async () => (await Promise.all(names.map(check))).every(({ decidedBy }) => decidedBy === 'store'),
    {
      what: 'all are counted',
    },
  );
  await lost.server.pause();
  const verdicts = await Promise.all(names.map(check));
  expect(verdicts.map(({ ok }) => ok)).toEqual(names.map(() => true));
  for (const [i, { decidedBy }] of verdicts.entries())
    expect([names[i], decidedBy]).toEqual([names[i], owners[i]?.id === lost.id ? 'open' : 'store']);
  await until(
    async () => (await Promise.all(names.map(check))).every(({ decidedBy }) => decidedBy === 'store'),
    {
      what: 'a replica has taken over',
      deadline: 60_000,
    },
  );
  await lost.server.resume();
  await cluster.settled();
  await limiter.close();
  await connection.close();
});
