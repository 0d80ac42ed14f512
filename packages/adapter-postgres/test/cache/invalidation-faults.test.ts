import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, ListenHandlers } from '@parley/adapter-postgres';
import { postgresInvalidation } from '@parley/adapter-postgres/cache';
import type { PostgresInvalidationOptions } from '@parley/adapter-postgres/cache';
import { startPostgres, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listen, notice } from '../support/ear.ts';
import type { Ear } from '../support/ear.ts';
import { failure } from '../support/failure.ts';

const heartbeat = '200ms';
const detectionMs = 600;
/** Timers of a busy machine are late. */
const slackMs = 1_500;

describe('when something fails', () => {
  let server: PostgresServer;
  let proxy: FaultProxy;
  const open: AsyncDisposable[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    proxy = await startProxy({ target: server });
  });
  afterEach(async () => {
    await proxy.heal();
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
  });

  const connect = (url: string, more: object = {}): Database => {
    const db = connectPostgres({ url, connectTimeout: '1s', queryTimeout: '1s', ...more });
    open.push(db);
    return db;
  };
  const on = (db: Database, more: PostgresInvalidationOptions = {}) => {
    const one = postgresInvalidation(db, { heartbeat, ...more });
    open.push(one);
    return one;
  };
  /** One who listens over the proxy, and one who publishes past it. */
  const both = () => ({ here: on(connect(proxy.url)), there: on(connect(server.url)) });

  async function noticedInTime(ear: Ear, fault: () => unknown): Promise<void> {
    await ear.becomes('live');
    const before = ear.states.length;
    const began = performance.now();
    await fault();
    // It may be live again before anybody looks.
    await until(() => ear.states.length > before, { what: 'it is noticed', deadline: 10_000 });
    expect(ear.states[before]).toBe('suspect');
    expect(performance.now() - began).toBeLessThan(detectionMs + slackMs);
  }

  test('a listener that an operator ends begins anew, and forgets what it knew', async () => {
    const { here, there } = both();
    const ear = listen(here);
    await noticedInTime(ear, () => server.terminateBackends({ applicationName: 'parley listener' }));
    await there.publish(notice('while it was away'));
    await ear.becomes('live');
    await there.publish(notice('after'));
    await until(() => ear.keys.includes('after'), { what: 'it is heard' });
    expect(ear.states.slice(0, 3)).toEqual(['live', 'suspect', 'live']);
  });

  test('a cut is noticed', async () => {
    const { here } = both();
    const ear = listen(here);
    await noticedInTime(ear, () => proxy.cut());
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test('silence is noticed, although nobody says that the connection is gone', async () => {
    const { here, there } = both();
    const ear = listen(here);
    await noticedInTime(ear, () => {
      proxy.blackHole();
      return there.publish(notice('swallowed'));
    });
    expect(ear.keys).toEqual([]);
    await proxy.heal();
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test('a listener that is cut off alone is noticed, while the pool goes on', async () => {
    const pool = connect(server.url);
    const listener = connect(proxy.url);
    const ear = listen(on({ ...pool, listen: (...args) => listener.listen(...args) }));
    await noticedInTime(ear, () => proxy.blackHole());
    await proxy.heal();
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test('a pool that is cut off alone is noticed as well: without it nothing is known', async () => {
    const pool = connect(proxy.url);
    const listener = connect(server.url);
    const ear = listen(on({ ...pool, listen: (...args) => listener.listen(...args) }));
    await noticedInTime(ear, () => proxy.blackHole());
    await proxy.heal();
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test('a server that hangs is noticed', async () => {
    const { here } = both();
    const ear = listen(here);
    try {
      await noticedInTime(ear, () => server.pause());
    } finally {
      await server.resume();
    }
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test('a server that comes back without memory is noticed', async () => {
    const { here, there } = both();
    const ear = listen(here);
    await ear.becomes('live');
    for (let i = 0; i < 3; i++) await there.publish(notice(`${i}`));
    await noticedInTime(ear, () => server.stopImmediately());
    await server.restart({ data: 'keep' });
    await ear.becomes('live');
    await until(() => there.publish(notice('after')).then(() => true), { what: 'it can be published' });
    await until(() => ear.keys.includes('after'), { what: 'it is heard' });
    expect(ear.states.slice(0, 3)).toEqual(['live', 'suspect', 'live']);
  });

  test('a server that was replaced behind a listener that still hears the old one is noticed', async () => {
    await using other = await startPostgres();
    const { here } = both();
    const ear = listen(here);
    await noticedInTime(ear, async () => {
      proxy.retarget(other);
      await server.terminateBackends({ applicationName: 'parley' });
    });
    const there = on(connect(other.url));
    await ear.becomes('live');
    await there.publish(notice('of the new one'));
    await until(() => ear.keys.includes('of the new one'), { what: 'it is heard' });
    expect(ear.state()).toBe('live');
    proxy.retarget(server);
  });

  test('a connection that does not listen any more is noticed', async () => {
    const db = connect(server.url);
    let channel = '';
    const swapped: Database = {
      ...db,
      async listen(name, handlers, options) {
        const listening = await db.listen(`${name}${channel}`, handlers, options);
        return listening;
      },
    };
    channel = '_of_another_session';
    const ear = listen(on(swapped));
    await ear.becomes('live');
    await ear.becomes('suspect');
    channel = '';
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test.each<[string, (payload: string) => string | undefined]>([
    ['is lost', () => undefined],
    ['cannot be read', (payload) => payload.replace('[1,', '[2,')],
  ])('a notice that %s is noticed', async (_, alter) => {
    const db = connect(server.url);
    let altering = false;
    const lossy: Database = {
      ...db,
      listen(channel, handlers: ListenHandlers, options) {
        const notification = (payload: string): void => {
          const altered = altering ? alter(payload) : payload;
          if (altered !== undefined) handlers.notification(altered);
        };
        return db.listen(channel, { ...handlers, notification }, options);
      },
    };
    const ear = listen(on(lossy));
    await noticedInTime(ear, async () => {
      altering = true;
      await on(connect(server.url)).publish(notice('altered'));
    });
    altering = false;
    expect(ear.keys).not.toContain('altered');
    await ear.becomes('live');
    expect(ear.states).toContain('suspect');
  });

  test('what could not be published is said to have failed', async () => {
    const one = on(connect(proxy.url));
    await one.publish(notice('a'));
    proxy.refuse();
    proxy.cut();
    const outcomes = await Promise.all([1, 2, 3].map((n) => failure(one.publish(notice(`${n}`)))));
    for (const error of outcomes) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const impatient = new AbortController();
    const left = failure(one.publish(notice('left'), { signal: impatient.signal }));
    impatient.abort();
    expect(await left).toMatchObject({ code: 'ABORTED' });
    await proxy.heal();
    await one.publish(notice('b'));
  });

  test('a subscription that begins while the server is away becomes live when it is there', async () => {
    proxy.refuse();
    const ear = listen(on(connect(proxy.url)));
    expect(ear.states).toEqual([]);
    await proxy.heal();
    await ear.becomes('live');
    expect(ear.states).toEqual(['live']);
  });

  test('who closes the database ends the subscription', async () => {
    const db = connect(server.url);
    const ear = listen(on(db));
    await ear.becomes('live');
    await db.close();
    await ear.becomes('suspect');
    await until(
      async () =>
        (await server.query(`select 1 from pg_stat_activity where application_name like 'parley%listener'`))
          .length === 0,
      { what: 'nobody listens' },
    );
    expect(ear.states).toEqual(['live', 'suspect']);
  });
});
