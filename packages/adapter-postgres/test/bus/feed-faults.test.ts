import { connectPostgres } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import type { PostgresBroker, PostgresBrokerOptions } from '@parley/adapter-postgres/bus';
import { startPostgres, startPostgresPair, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bodiesOf, busOn, detectionMs, entry, hear, pageOf } from '../support/bus.ts';
import type { Hearing } from '../support/bus.ts';
import { failure } from '../support/failure.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** Timers of a busy machine are late. */
const slackMs = 6_000;

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

  const connect = (url: string): Database => {
    // Longer than the listener waits for its answer: whose silence it was is told by which of the two gave up.
    const db = connectPostgres({ url, connectTimeout: '1s', queryTimeout: '2s' });
    open.push(db);
    return db;
  };
  const on = (db: Database, more: PostgresBrokerOptions = {}): PostgresBroker => {
    const broker = busOn(db, more);
    open.push(broker);
    return broker;
  };
  const hearOn = (broker: PostgresBroker): Hearing => {
    const heard = hear(broker);
    open.push(heard);
    return heard;
  };
  /** One who listens over the proxy, and one who speaks past it. */
  const both = () => {
    const there = on(connect(server.url));
    return { there, heard: hearOn(on(connect(proxy.url))) };
  };

  async function noticedInTime(heard: Hearing, channel: string, fault: () => unknown): Promise<void> {
    await heard.feed.join('channel', [channel]);
    await heard.feed.join('queue', ['q:workers']);
    const before = heard.lost.length;
    const began = performance.now();
    await fault();
    await until(() => heard.lost.length > before, { what: 'it is told as lost' });
    expect(performance.now() - began).toBeLessThan(detectionMs + slackMs);
    expect(heard.feed.detectionMs).toBe(detectionMs);
    expect(heard.lost.slice(before).map(({ name }) => name)).toEqual([channel, 'q:workers']);
  }

  /** What was said while it was away is in the log, and what is said from now on is heard. */
  async function hearsAgain(heard: Hearing, there: PostgresBroker, channel: string): Promise<void> {
    await until(
      () =>
        heard.feed.join('channel', [channel]).then(
          () => true,
          () => false,
        ),
      { what: 'it is joined again' },
    );
    const [said] = await there.streams.append([entry(channel, 'after')]);
    await heard.reaches(channel, said?.position.offset ?? 0);
  }

  test('a listener that an operator ends is told, and can be joined again', async () => {
    const { there, heard } = both();
    await noticedInTime(heard, 't:ended', () =>
      server.terminateBackends({ applicationName: 'parley listener' }),
    );
    await hearsAgain(heard, there, 't:ended');
  });

  test('a cut is told', async () => {
    const { there, heard } = both();
    await noticedInTime(heard, 't:cut', () => proxy.cut());
    expect(heard.feed.figures?.()).toMatchObject({ subscriptionsLost: 1, probeTimeouts: 0 });
    await hearsAgain(heard, there, 't:cut');
  });

  test('silence is told, although nobody says that the connection is gone', async () => {
    const { there, heard } = both();
    await noticedInTime(heard, 't:silence', async () => {
      proxy.blackHole();
      await there.streams.append([entry('t:silence', 'swallowed')]);
    });
    expect(heard.bodies).toEqual([]);
    expect(heard.feed.figures?.()).toMatchObject({
      subscriptions: 0,
      subscriptionsLost: 1,
      probeTimeouts: 1,
    });
    await proxy.heal();
    await hearsAgain(heard, there, 't:silence');
  });

  test('a listener that is cut off alone is told, while the pool goes on', async () => {
    const pool = connect(server.url);
    const listener = connect(proxy.url);
    const heard = hearOn(on({ ...pool, listen: (...args) => listener.listen(...args) }));
    await noticedInTime(heard, 't:alone', () => proxy.blackHole());
  });

  test('a pool that is cut off alone is told as well: without it nobody looks for what notices missed', async () => {
    const pool = connect(proxy.url);
    const listener = connect(server.url);
    const heard = hearOn(on({ ...pool, listen: (...args) => listener.listen(...args) }));
    await noticedInTime(heard, 't:pool', () => proxy.blackHole());
  });

  test('a listener that was swapped by a pooler, and does not listen, is told', async () => {
    const db = connect(server.url);
    const listening: { unlisten?: () => Promise<unknown> } = {};
    const heard = hearOn(
      on({
        ...db,
        listen: async (...args) => {
          const listener = await db.listen(...args);
          listening.unlisten = () => listener.query({ text: 'unlisten *' });
          return listener;
        },
      }),
    );
    await noticedInTime(heard, 't:swapped', () => listening.unlisten?.());
  });

  test('a server that hangs is told, and appends to it are made once', async () => {
    const { there, heard } = both();
    await there.streams.append([entry('t:hangs', 'before')]);
    const record = entry('t:hangs', 'x');
    try {
      await noticedInTime(heard, 't:hangs', () => server.pause());
      // Its connection is open, so the server has it, and carries it out when it goes on.
      expect(await failure(there.streams.append([record]))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    } finally {
      await server.resume();
    }
    await until(
      () =>
        there.streams.append([{ ...record, sinceMs: 5_000 }]).then(
          () => true,
          () => false,
        ),
      { what: 'it is appended' },
    );
    await hearsAgain(heard, there, 't:hangs');
    const bodies = await bodiesOf(there, 't:hangs');
    expect(bodies.filter((body) => body === 'x')).toEqual(['x']);
  });

  test('an append whose reply was lost is made once, and its followers hear of it', async () => {
    const speaker = on(connect(proxy.url));
    const heard = hearOn(on(connect(server.url)));
    await speaker.prepare();
    await heard.feed.join('channel', ['t:reply']);
    const record = entry('t:reply', 'x');
    proxy.dropNextReply((request) => request.includes('x'));
    const lost = failure(speaker.streams.append([record]));
    expect(await lost).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const [again] = await speaker.streams.append([{ ...record, sinceMs: 2_000 }]);
    expect(again).toMatchObject({ repeated: true, position: { offset: 1 } });
    await heard.reaches('t:reply', 1);
    expect(await bodiesOf(speaker, 't:reply')).toEqual(['x']);
  });

  test('a taking whose reply was lost is given the same jobs', async () => {
    const speaker = on(connect(proxy.url));
    await speaker.jobs.add(
      ['a', 'b'].map((id) => ({ queue: 'q:reply', id: `reply-${id}`, body: id, delayMs: 0 })),
    );
    const request = { queue: 'q:reply', limit: 1, leaseMs: 60_000, token: 'lost-reply', maxAttempts: 3 };
    proxy.dropNextReply((bytes) => bytes.includes('lost-reply'));
    expect(await failure(speaker.jobs.take(request))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await speaker.jobs.take(request)).toMatchObject([{ body: 'a', attempt: 1 }]);
    expect(await speaker.jobs.counts('q:reply')).toMatchObject({ ready: 1, taken: 1 });
  });

  test('a session that listens and reads nothing fills the queue of notices, which health and figures show, and logs go on', async () => {
    const db = connect(server.url);
    const broker = on(connect(server.url));
    await broker.prepare();
    const heard = hearOn(on(connect(server.url)));
    await heard.feed.join('channel', ['t:pressure']);
    const sleeper = await db.acquire();
    await sleeper.query({ text: 'listen "parley.bus"' });
    await sleeper.query({ text: 'begin' });
    await sleeper.query({ text: 'select 1' });
    try {
      const bodies = Array.from({ length: 256 }, () => 'y'.repeat(7_000));
      const filled = async (): Promise<boolean> => {
        await broker.send(bodies.map((body) => ({ channel: 't:else', body, wide: false })));
        return Number((await broker.health()).details?.['noticeQueue']) > 0;
      };
      await until(filled, { what: 'the queue is used' });
      await broker.streams.append([entry('t:pressure', 'a')]);
      await heard.reaches('t:pressure', 1);
      expect(await broker.health()).toMatchObject({ status: 'up', details: { listening: 0 } });
      // A feed asks when it begins, and rarely after that.
      const watching = hearOn(on(connect(server.url)));
      await watching.feed.join('channel', ['t:pressure']);
      const figure = (name: string): number => watching.feed.figures?.()[name] ?? 0;
      await until(() => figure('notificationQueue') > 0, { what: 'the figures show it' });
      expect(figure('notificationQueue')).toBeLessThan(0.5);
      expect(figure('pollMs')).toBeGreaterThan(0);
    } finally {
      await sleeper.query({ text: 'rollback' });
      await sleeper.query({ text: 'unlisten *' });
      sleeper.release();
    }
  });
});

test('a listener that stayed with the old primary is told when another one has taken over', async () => {
  await using pair = await startPostgresPair({ synchronous: false });
  const old = connectPostgres({ url: pair.primary.url });
  const fresh = connectPostgres({ url: pair.standby.url });
  let current = old;
  // A name that moves, as a pool's new connections find it, while the listening one stays where it was.
  const db: Database = {
    ...old,
    query: (...args) => current.query(...args),
    acquire: (...args) => current.acquire(...args),
    transaction: (work, options) => current.transaction(work, options),
  };
  const broker = busOn(db);
  const heard = hear(broker);
  try {
    await heard.feed.join('channel', ['t:a']);
    const [before] = await broker.streams.append([entry('t:a', 'a')]);
    await pair.caughtUp();
    await pair.promote();
    current = fresh;
    await until(() => heard.lost.length > 0, { what: 'it is told' });
    expect(heard.lost[0]?.reason).toContain('another server has taken over');
    const page = await pageOf(broker, 't:a', before?.position);
    expect(page.lineage).toEqual([before?.position]);
  } finally {
    await heard.feed.close();
    await broker.close();
    await Promise.all([old.close(), fresh.close()]);
  }
});
