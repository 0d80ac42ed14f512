import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, PostgresConfig } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { createLimiter } from '@parley/ratelimit';
import type { LimitStore } from '@parley/ratelimit';
import { spawnSkewed, startPostgres, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, timed } from '../support/failure.ts';
import { longMs, rule, takeOne } from '../support/ratelimit.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

let server: PostgresServer;
let proxy: FaultProxy;
const open: Database[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
beforeEach(async () => {
  proxy = await startProxy({ target: server });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()));
  await proxy.close();
});
afterAll(() => server.stop());

/** Time limits are kept to within this, on a machine that does other things as well. */
const slackMs = 10_000;

function connect(more: PostgresConfig = {}): LimitStore {
  const db = connectPostgres({
    url: proxy.url,
    maxConnections: 10,
    connectTimeout: '10s',
    queryTimeout: '10s',
    ...more,
  });
  open.push(db);
  return postgresLimitStore(db);
}

const [rate, slots] = [rule('gcra', 5, longMs), rule('concurrency', 2, longMs)];
const target = { rule: rate, identity: 'somebody' };
const hold = { rule: slots, identity: 'somebody', holder: 'h' };

/** One call of each kind. */
const calls: Readonly<Record<string, (store: LimitStore, signal?: AbortSignal) => Promise<unknown>>> = {
  take: (store, signal) => store.take([{ charges: [{ ...target, cost: 1 }] }], { signal }),
  'take with a token': (store, signal) =>
    store.take([{ charges: [{ ...target, cost: 1 }], token: { id: 't', keepMs: longMs } }], { signal }),
  peek: (store, signal) => store.peek([{ ...target, cost: 1 }], { signal }),
  adjust: (store, signal) => store.adjust([{ ...target, by: 1 }], { signal }),
  block: (store, signal) => store.block([{ ...target, forMs: 10 }], { signal }),
  reset: (store, signal) => store.reset([target], { signal }),
  release: (store, signal) => store.release([hold], { signal }),
  renew: (store, signal) => store.renew([hold], { signal }),
};

const all = (store: LimitStore, signal?: AbortSignal): Promise<unknown[]> =>
  Promise.all(Object.values(calls).map((call) => failure(call(store, signal))));

const resume = (): void => void server.resume();

const heals = (store: LimitStore): Promise<unknown> =>
  until(() => store.peek([{ ...target, cost: 1 }]).catch(() => undefined), {
    what: 'it answers again',
    deadline: 60_000,
  });

describe('every call', () => {
  test('fails at once where there is no server, and health says why', async () => {
    const store = connect();
    await heals(store);
    proxy.refuse();
    proxy.cut();
    const { outcome, ms } = await timed(() => all(store));
    for (const error of outcome) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(ms).toBeLessThan(slackMs);
    expect(await store.health()).toMatchObject({ status: 'down' });
    await proxy.heal();
    await heals(store);
    const { status, details } = await store.health();
    expect(status).toBe('up');
    expect(Object.keys(details ?? {})).toEqual(expect.arrayContaining(['identities', 'blocks', 'holders']));
  });

  test('on a server that hangs fails at its limit, and the next ones succeed when it goes on', async () => {
    const store = connect({ connectTimeout: '1s', queryTimeout: '1s' });
    await heals(store);
    await server.pause();
    const { outcome, ms } = await timed(() => all(store)).finally(resume);
    for (const error of outcome) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(ms).toBeLessThan(2_000 + slackMs);
    await heals(store);
  });

  test('on a server that hangs ends as soon as its caller gives up', async () => {
    const store = connect({ connectTimeout: '60s', queryTimeout: '60s' });
    await heals(store);
    await server.pause();
    const giving = new AbortController();
    const { outcome, ms } = await timed(() => {
      const answers = all(store, giving.signal);
      giving.abort();
      return answers;
    }).finally(resume);
    for (const error of outcome) expect(error).toMatchObject({ code: 'ABORTED' });
    expect(ms).toBeLessThan(slackMs);
  });

  test('whose connection is cut fails, and is not sent again', async () => {
    const store = connect();
    await heals(store);
    for (const [name, call] of Object.entries(calls)) {
      await until(() => call(store).then(() => true), { what: `${name} succeeds` });
      const before = proxy.counters.lostReplies;
      proxy.dropReplies({ afterwards: 'cut' });
      expect(await failure(call(store))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(proxy.counters.lostReplies - before).toBe(1);
      await proxy.heal();
    }
  });

  test('on tables that were dropped fails, and the next one finds new ones', async () => {
    const store = connect({ schema: 'dropped' });
    await takeOne(store, rate, 'ann');
    await server.query('drop schema dropped cascade');
    expect(await failure(takeOne(store, rate, 'ann'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await heals(store);
    expect(await takeOne(store, rate, 'ann')).toMatchObject({ ok: true, standings: [{ remaining: 4 }] });
  });
});

test.each([rate, rule('log', 5, longMs), slots])(
  'a call of $kind whose reply was lost is charged once, however often it is sent again with its token',
  async (one) => {
    const store = connect({ schema: `lost_${one.kind}` });
    await heals(store);
    const token = { id: 'request', keepMs: longMs };
    const lost = proxy.dropNextReply();
    const cut = takeOne(store, one, 'ann', { token });
    expect(await failure(cut)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await lost.lost).toBe(true);
    await proxy.heal();
    for (let again = 0; again < 3; again++) {
      const taken = await takeOne(store, one, 'ann', { token });
      expect(taken).toMatchObject({ ok: true, replayed: true, standings: [{ remaining: one.limit - 1 }] });
    }
    const other = await takeOne(store, one, 'ann', { token: { ...token, id: 'other' }, holder: 'other' });
    expect(other).toMatchObject({ replayed: false, standings: [{ remaining: one.limit - 2 }] });
  },
);

describe('a server that crashes', () => {
  test('has lost its counts and tokens, and has kept who is blocked and what is out', async () => {
    const store = connect();
    const [log, blocked] = [rule('log', 3, longMs), rule('gcra', 3, longMs, { name: 'blocked' })];
    const token = { id: 'once', keepMs: longMs };
    for (const one of [rate, log]) await takeOne(store, one, 'crash', { token });
    await takeOne(store, slots, 'crash', { holder: 'one' });
    await takeOne(store, slots, 'crash', { holder: 'two' });
    await store.block([{ rule: blocked, identity: 'crash', forMs: longMs }]);
    await server.kill();
    for (const error of await all(store)) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart({ data: 'keep' });
    await heals(store);
    for (const one of [rate, log]) {
      // The whole of the limit once more, and no more than that: the same call is one of those who count.
      const again = await takeOne(store, one, 'crash', { token });
      expect(again).toMatchObject({
        ok: true,
        replayed: false,
        standings: [{ remaining: one.limit - 1 }],
      });
    }
    expect(await takeOne(store, slots, 'crash', { holder: 'three' })).toMatchObject({ ok: false });
    expect(await takeOne(store, slots, 'crash', { holder: 'two' })).toMatchObject({ ok: true });
    expect(await store.release([{ rule: slots, identity: 'crash', holder: 'one' }])).toMatchObject([
      { held: true },
    ]);
    expect(await takeOne(store, slots, 'crash', { holder: 'three' })).toMatchObject({ ok: true });
    const denied = await takeOne(store, blocked, 'crash');
    expect([denied.ok, (denied.standings[0]?.blockedMs ?? 0) > longMs / 2]).toEqual([false, true]);
  });

  test('denies nobody by itself: the policy of the rule decides, and says so', async () => {
    const store = connect({ schema: 'policy' });
    const rules = {
      open: { limit: 5, per: '1h', whenAway: 'open' },
      closed: { limit: 5, per: '1h', whenAway: 'closed' },
    } as const;
    const limiter = createLimiter({ store, rules, within: '5s', coolDown: '100ms' });
    const ann = { identity: 'ann' };
    await until(async () => (await limiter.check('open', ann)).decidedBy === 'store', { what: 'it is up' });
    proxy.refuse();
    proxy.cut();
    const decided = async (name: 'open' | 'closed'): Promise<unknown[]> => {
      const { ok, decidedBy } = await limiter.check(name, ann);
      return [ok, decidedBy];
    };
    expect(await decided('open')).toEqual([true, 'open']);
    expect(await decided('closed')).toEqual([false, 'closed']);
    await proxy.heal();
    await until(async () => (await limiter.check('closed', ann)).decidedBy === 'store', {
      what: 'it is back',
      deadline: 60_000,
    });
    await limiter.close();
  });
});

test.each([300_000, -300_000])(
  'a process whose clock is off by %d ms counts together with the others',
  async (offsetMs) => {
    const schema = `skewed_${offsetMs < 0 ? 'behind' : 'ahead'}`;
    const store = connect({ schema });
    // Five units in half a minute: by the clock of the other process they were all back, or none ever.
    const brief = rule('gcra', 5, 30_000, { name: 'brief' });
    const first = await takeOne(store, brief, 'ann', { cost: 2 });
    const script = new URL('../support/limiting.ts', import.meta.url);
    await using child = await spawnSkewed({ offsetMs, script, args: [server.url, schema] });
    await child.wait();
    const { now, taken } = Object(JSON.parse((await child.output()).trim()));
    expect(Math.abs(now - Date.now() - offsetMs)).toBeLessThan(60_000);
    const last = await takeOne(store, brief, 'ann');
    // All at the times of the server, which tell how much has drained meanwhile.
    expect(taken.at).toBeGreaterThanOrEqual(first.at);
    expect(taken.at).toBeLessThanOrEqual(last.at);
    const drained = Math.floor(((last.at - first.at) * 5) / 30_000);
    expect(taken.ok).toBe(true);
    expect(last.standings[0]?.remaining ?? 0).toBeLessThanOrEqual(5 - 5 + drained + 1);
  },
  // The first use may install the package of the skewed clock.
  180_000,
);
