import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedis, until, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { appendOne, Hearer, record } from '../support/bus.ts';
import { connect, failure, standalone } from '../support/connections.ts';
import { Ledger } from '../support/ledger.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** A test process that stands still for three of these is told of losses that nobody has brought about. */
const probeEveryMs = 500;
/** What a crowded machine may take for three probes. */
const detected = 10_000;

let server: RedisServer;
let broker: Broker;
let hearer: Hearer;

beforeAll(async () => {
  server = await startRedis({ config: { 'client-output-buffer-limit': 'pubsub 1mb 0 0' } });
});
afterAll(() => server.stop());

beforeEach(() => {
  broker = redisBroker(connect(standalone(server)), { probeEveryMs });
  hearer = new Hearer(broker);
});

const subscribers = async (channel: string): Promise<number> => {
  const reply = await server.command('PUBSUB', 'NUMSUB', `parley:c:{bus}:${channel}@0`);
  return Number(String(reply).split(',').at(-1));
};

describe('joining', () => {
  test('what is left again at once is not followed, and what is joined again at once is', async () => {
    const calls = [
      hearer.feed.join('channel', ['t:a', 't:b']),
      hearer.feed.leave('channel', ['t:a', 't:b']),
      hearer.feed.join('channel', ['t:b', 't:c']),
      hearer.feed.join('channel', ['t:c']),
      hearer.feed.leave('channel', ['t:c']),
    ];
    await Promise.all(calls);
    expect(await Promise.all(['t:a', 't:b', 't:c'].map(subscribers))).toEqual([0, 1, 0]);
    await hearer.hears(broker, 't:b');
  });

  test('who gives up while it is being joined does not follow it', async () => {
    const stop = new AbortController();
    const joining = hearer.feed.join('channel', ['t:given up'], { signal: stop.signal });
    stop.abort();
    expect(isParleyError(await failure(joining), 'ABORTED')).toBe(true);
    await hearer.feed.join('channel', ['t:later']);
    await until(async () => (await subscribers('t:given up')) === 0, { what: 'nobody follows it' });
    expect(hearer.lost).toEqual([]);
  });

  test('while the server is away it is refused, and later it succeeds', async () => {
    await using proxy = await startProxy({ target: server });
    proxy.refuse();
    const away = redisBroker(connect(standalone(proxy)), { probeEveryMs });
    const waiting = new Hearer(away);
    const error = await failure(waiting.feed.join('channel', ['t:a']));
    expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
    await proxy.heal();
    await waiting.joinAgain('channel', ['t:a']);
    await waiting.hears(away, 't:a');
    expect(waiting.lost).toEqual([]);
  });

  test('one connection is enough for all names, and is closed with the feed', async () => {
    await using own = await startRedis();
    const only = new Hearer(redisBroker(connect(standalone(own)), { probeEveryMs }));
    const connections = async (): Promise<number> =>
      String(await own.command('CLIENT', 'LIST', 'TYPE', 'pubsub'))
        .trim()
        .split('\n')
        .filter(Boolean).length;
    await only.feed.join('channel', ['t:a']);
    await only.feed.join('topic', ['t']);
    await only.feed.join('queue', ['q', 'p']);
    expect(await connections()).toBe(1);
    await only.feed.close();
    // The server hears of an end a little later.
    await until(async () => (await connections()) === 0, { what: 'it is closed' });
    expect(only.lost).toEqual([]);
  });
});

describe('what is not heard any more is told as lost, all of it and once', () => {
  const names = ['t:a', 't:b', 't:c'];

  test('subscribers were cut off', async () => {
    await hearer.feed.join('channel', names);
    await hearer.feed.join('queue', ['q']);
    await server.killClients('pubsub');
    await until(() => hearer.lostNames.length === 4, { what: 'all are lost' });
    expect(hearer.lost).toMatchObject([
      { kind: 'channel', names },
      { kind: 'queue', names: ['q'] },
    ]);
    await hearer.joinAgain('channel', ['t:a']);
    await hearer.hears(broker, 't:a');
    expect(hearer.lostNames).toHaveLength(4);
  });

  test('the server had more to say than it keeps for a slow one', async () => {
    await hearer.feed.join('channel', names);
    const other = redisBroker(connect(standalone(server, { responseTimeout: '5s' })));
    const body = 'x'.repeat(1_000_000);
    await until(
      async () => {
        // All at once, so that the server has said it before anybody reads.
        await other.send(Array.from({ length: 12 }, () => ({ channel: 't:a', body, wide: false })));
        return hearer.lost.length > 0;
      },
      { what: 'it is cut off' },
    );
    expect(hearer.lostNames).toEqual(names);
  });

  test('the server hangs', async () => {
    await using own = await startRedis();
    const hanging = new Hearer(redisBroker(connect(standalone(own)), { probeEveryMs }));
    await hanging.feed.join('channel', names);
    const begun = performance.now();
    await own.pause();
    await until(() => hanging.lost.length > 0, { what: 'it is lost' });
    expect(performance.now() - begun).toBeLessThan(detected);
    expect(hanging.lostNames).toEqual(names);
    expect(hanging.feed.detectionMs).toBe(3 * probeEveryMs);
    await own.resume();
  });

  test('the connection was closed by its owner', async () => {
    const connection = connect(standalone(server));
    const closing = new Hearer(redisBroker(connection, { probeEveryMs }));
    await closing.feed.join('channel', names);
    await connection.close();
    await until(() => closing.lost.length > 0, { what: 'it is lost' });
    expect(isParleyError(await failure(closing.feed.join('channel', names)), 'CLOSED')).toBe(true);
  });

  test.each([
    ['with a link to the new one', /./],
    // Nobody has to wait until probes are missed: it says itself that it is no master.
    ['without', /another server is the master/],
  ])('a demoted master that stays connected, %s', async (link, reason) => {
    await using old = await startRedis();
    await using next = await startRedis();
    await next.replicate(old);
    await using proxy = await startProxy({ target: old });
    const following = redisBroker(connect(standalone(proxy)), { probeEveryMs: 500 });
    const demoted = new Hearer(following);
    await demoted.feed.join('channel', names);
    await next.promote();
    proxy.retarget(next);
    const port = link === 'without' ? 1 : next.port;
    const begun = performance.now();
    await old.command('REPLICAOF', '127.0.0.1', port);
    await until(() => demoted.lost.length > 0, { what: 'it is lost' });
    expect(performance.now() - begun).toBeLessThan(detected);
    expect(demoted.lost[0]?.reason).toMatch(reason);
    await demoted.joinAgain('channel', names);
    await until(() => appendOne(following, record('t:a', 'after')), { what: 'it appends' });
    await until(() => demoted.records.some(({ body }) => body === 'after'), { what: 'it is heard' });
  });

  test('a master that was forgotten and does not know of it', async () => {
    await using old = await startRedis();
    await using next = await startRedis();
    await using proxy = await startProxy({ target: old });
    const following = redisBroker(connect(standalone(proxy)), { probeEveryMs });
    const forgotten = new Hearer(following);
    await forgotten.feed.join('channel', names);
    proxy.retarget(next);
    // Subscribers keep the old one; everybody else is led to the new one.
    await old.killClients('normal');
    await until(() => forgotten.lost.length > 0, { what: 'it is lost' });
    await forgotten.joinAgain('channel', names);
    await forgotten.hears(following, 't:a');
  });
});

test('a stream is heard whole and in order while subscribers are cut off and scripts forgotten', async () => {
  const ledger = new Ledger(broker, redisBroker(connect(standalone(server)), { probeEveryMs }), [
    'a',
    'b',
    'c',
  ]);
  await ledger.start();
  for (let i = 0; i < 5; i++) {
    await server.killClients('pubsub');
    await server.flushScripts();
    await ledger.progress();
  }
  await ledger.close();
  expect(ledger.gaps).toEqual([]);
});
