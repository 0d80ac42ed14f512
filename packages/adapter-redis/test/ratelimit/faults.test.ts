import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { isParleyError } from '@parley/cache-core/kernel';
import { createLimiter, type LimitStore, type Rule, type RuleKind, type Taken } from '@parley/ratelimit';
import { startProxy, startRedis, until, type FaultProxy, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, failure, patient } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: RedisServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startProxy({ target: server });
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});
beforeEach(async () => {
  await proxy.heal();
  await server.command('FLUSHALL');
});

const hour = 3_600_000;

const ruleOf = (kind: RuleKind, more: Partial<Rule> = {}): Rule => {
  const { limit = 5 } = more;
  return { name: 'r', kind, limit, burst: limit, periodMs: hour, ...more };
};

async function take(store: LimitStore, rule: Rule, more: object = {}, identity = 'ann'): Promise<Taken> {
  const [taken] = await store.take([{ charges: [{ rule, identity, cost: 1 }], holder: 'h', ...more }]);
  if (taken === undefined) throw new TypeError('an answer');
  return taken;
}

const kinds: readonly RuleKind[] = ['gcra', 'bucket', 'fixed', 'sliding', 'log', 'concurrency'];

describe('what is kept', () => {
  test('ends by itself when it is as if it had never been used', async () => {
    const store = redisLimitStore(connect(patient(server)));
    for (const kind of kinds) {
      const taken = await take(store, ruleOf(kind));
      const [key = ''] = await keys();
      const left = Number(await server.command('PTTL', key));
      const resetMs = taken.standings[0]?.resetMs ?? 0;
      expect([kind, left > resetMs - 10_000, left <= resetMs]).toEqual([kind, true, true]);
      await server.command('DEL', key);
    }
  });

  test('is one key for each rule and identity, and none after it was given back', async () => {
    const store = redisLimitStore(connect(patient(server)));
    for (const kind of kinds) {
      const rule = ruleOf(kind);
      const target = { rule, identity: 'ann' };
      await take(store, rule);
      expect(await keys()).toHaveLength(1);
      if (kind === 'concurrency') await store.release([{ ...target, holder: 'h' }]);
      else await store.adjust([{ ...target, by: -1 }]);
      expect([kind, await keys()]).toEqual([kind, []]);
      await store.block([{ ...target, forMs: hour }]);
      expect(await keys()).toHaveLength(1);
      await store.block([{ ...target, forMs: 0 }]);
      expect([kind, await keys()]).toEqual([kind, []]);
    }
  });

  const keys = async (): Promise<string[]> => {
    const found: unknown = await server.command('KEYS', 'parley:limit:*');
    return Array.isArray(found) ? found.map(String) : [];
  };
});

describe('a server that breaks', () => {
  test('its scripts are forgotten: nothing happens', async () => {
    const store = redisLimitStore(connect(patient(server)));
    await take(store, ruleOf('gcra'));
    await server.command('SCRIPT', 'FLUSH');
    expect((await take(store, ruleOf('gcra'))).standings).toMatchObject([{ remaining: 3 }]);
    await server.command('SCRIPT', 'FLUSH');
    const [peeked] = await store.peek([{ rule: ruleOf('gcra'), identity: 'ann', cost: 1 }]);
    expect(peeked).toMatchObject({ remaining: 3 });
  });

  test.each(['silence', 'cut'] as const)(
    'a reply is lost (%s): the call is not sent again, and its token is charged once',
    async (afterwards) => {
      const store = redisLimitStore(connect(patient(proxy, { responseTimeout: '1s' })));
      const rule = ruleOf('log');
      const token = { id: 'request', keepMs: hour };
      await take(store, rule);
      const loss = proxy.dropNextReply((request) => request.includes('#request'), afterwards);
      const error = await failure(take(store, rule, { token }));
      expect([isParleyError(error, 'STORE_UNAVAILABLE'), await loss.lost]).toEqual([true, true]);
      const again = await until(() => take(store, rule, { token }).catch(() => undefined), {
        what: 'the connection is back',
      });
      expect(again).toMatchObject({ ok: true, replayed: true, standings: [{ remaining: 3 }] });
    },
  );

  test('it hangs: every check settles by its deadline, and it is asked again when it is back', async () => {
    const store = redisLimitStore(connect(patient(server)));
    const rules = {
      open: { limit: 5, per: '1h', whenAway: 'open' },
      closed: { limit: 5, per: '1h', whenAway: 'closed' },
    } as const;
    const limiter = createLimiter({ store, rules, within: '300ms', coolDown: '100ms' });
    const ann = { identity: 'ann' };
    await until(async () => (await limiter.check('open', ann)).decidedBy === 'store', { what: 'it is up' });
    await server.pause();
    const [open, closed] = await Promise.all([limiter.check('open', ann), limiter.check('closed', ann)]);
    expect([open.ok, open.decidedBy, closed.ok, closed.decidedBy]).toEqual([true, 'open', false, 'closed']);
    await server.resume();
    await until(async () => (await limiter.check('closed', ann)).decidedBy === 'store', {
      what: 'it is back',
    });
    await limiter.close();
  });

  test('it would evict what is counted: that is told at the start, and by health, with what to set', async () => {
    const quiet: string[] = [];
    const warned: string[] = [];
    const warn = (into: string[]) => ({ warn: (_: unknown, message: string) => void into.push(message) });
    const rules = { a: { limit: 1, per: '1s' } } as const;
    const connection = connect(patient(server));
    const store = redisLimitStore(connection, { logger: warn(quiet) });
    const limiter = createLimiter({ store, rules });
    await until(async () => (await limiter.health()).status === 'up', { what: 'it is well' });
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      redisLimitStore(connection, { logger: warn(warned) });
      await until(() => warned.length > 0, { what: 'the warning' });
      expect(warned).toEqual([
        expect.stringMatching(/may lose limits.*maxmemory-policy allkeys-lru.*set noeviction/),
      ]);
      const { status, checks } = await limiter.health();
      expect(status).toBe('degraded');
      expect(String(checks?.['store']?.details?.['warnings'])).toContain('noeviction');
    } finally {
      await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    }
    expect(quiet).toEqual([]);
    await limiter.close();
  });

  test('somebody else has put something under a key: it is not believed', async () => {
    const store = redisLimitStore(connect(patient(server)));
    await server.command('LPUSH', 'parley:limit:{ann}r:g3600000', 'x');
    expect(await take(store, ruleOf('gcra'))).toMatchObject({ ok: true, standings: [{ remaining: 4 }] });
    expect(await take(store, ruleOf('gcra'))).toMatchObject({ ok: true, standings: [{ remaining: 3 }] });
    await server.command('SET', 'parley:limit:{ann}r:l3600000', 'x');
    expect(isParleyError(await failure(take(store, ruleOf('log'))), 'STORE_FAULT')).toBe(true);
  });
});

describe('a clock that goes back', () => {
  /** As by a takeover: what is kept lies ten minutes in the future of the server. */
  const ahead = 600_000;

  test.each<[RuleKind, (now: number) => Promise<unknown>]>([
    ['gcra', (now) => put('g', 'string', [5_000, now + ahead])],
    ['fixed', (now) => put('f', 'string', [5, now + ahead])],
    ['sliding', (now) => put('s', 'string', [now + ahead, 5, 0])],
    ['log', (now) => put('l', 'list', [5], [now + ahead - 5, 3], [now + ahead, 2])],
    ['concurrency', (now) => server.command('ZADD', keyOf('c'), ...slots(now + ahead))],
  ])('of %s denies nobody for longer than its period', async (kind, prepare) => {
    const store = redisLimitStore(connect(patient(server)));
    const rule = ruleOf(kind, { periodMs: 1_000 });
    const time: unknown = await server.command('TIME');
    const [seconds] = Array.isArray(time) ? time.map(Number) : [];
    await prepare((seconds ?? 0) * 1_000);
    const { ok, standings } = await take(store, rule, { holder: 'other' });
    expect([ok, (standings[0]?.retryAfterMs ?? 0) <= 2_000]).toEqual([false, true]);
    await until(async () => (await take(store, rule, { holder: 'other' })).ok, { what: 'it is admitted' });
  });

  const keyOf = (letter: string): string => `parley:limit:{ann}r:${letter}1000`;
  /** Numbers as the scripts keep them. */
  const put = (
    letter: string,
    type: 'string' | 'list',
    ...items: readonly (readonly number[])[]
  ): Promise<unknown> => {
    const packed = items.map(
      (numbers) => `struct.pack('<${'d'.repeat(numbers.length)}', ${numbers.join(', ')})`,
    );
    const command = type === 'string' ? 'SET' : 'RPUSH';
    const lua = `redis.call('${command}', KEYS[1], ${packed.join(', ')}) redis.call('PEXPIRE', KEYS[1], ${ahead})`;
    return server.command('EVAL', lua, 1, keyOf(letter));
  };
  const slots = (until: number): string[] => [1, 2, 3, 4, 5].flatMap((n) => [String(until), `x\u0001${n}`]);
});
