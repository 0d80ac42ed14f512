import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { createPresence, memoryFeed } from '@parley/presence';
import { startProxy, startRedis, until } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { connect, patient } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 240_000 });

test('two hundred processes that come back at once to a server that knows nobody are all there, and nobody was seen to leave', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy({ target: server });
  const feed = memoryFeed();
  const start = (address: { readonly host: string; readonly port: number }) =>
    createPresence({
      store: redisPresenceStore(connect(patient(address))),
      feed,
      lease: '120s',
      heartbeat: '2s',
      within: '120s',
      storeDeadline: '20s',
      gather: '120s',
    });
  const watching = start(server);
  const processes = Array.from({ length: 200 }, () => start(proxy));
  const events: string[] = [];
  const watch = watching.watch('general', ({ type }) => void events.push(type));
  await watch.ready();
  await Promise.all(
    processes.map(async (presence, i) => {
      const connection = presence.connect({ user: `user ${i}` });
      await connection.join('general');
      await connection.join(`room ${i % 10}`);
    }),
  );
  const rooms = ['general', ...Array.from({ length: 10 }, (_, i) => `room ${i}`)];
  const all = rooms.map((_, i) => ({ users: i === 0 ? 200 : 20, connections: i === 0 ? 200 : 20 }));
  await until(() => watch.current.users === 200, { what: 'all are seen', deadline: 60_000 });
  expect(await watching.counts(rooms)).toEqual(all);
  events.length = 0;

  proxy.refuse();
  proxy.cut();
  await server.command('FLUSHALL');
  await until(() => processes.every((presence) => presence.stats().outages > 0), {
    what: 'everybody has noticed',
    deadline: 60_000,
  });
  await proxy.heal();
  await expect.poll(() => watching.counts(rooms), { timeout: 120_000, interval: 200 }).toEqual(all);
  await until(() => !watch.current.stale && watch.current.users === 200, {
    what: 'the view is right',
    deadline: 60_000,
  });
  expect(events.filter((type) => type === 'join' || type === 'leave')).toEqual([]);
  await Promise.all([...processes, watching].map((presence) => presence.close({ within: '60s' })));
  const store = redisPresenceStore(connect(patient(server)));
  for (let more = true; more;) ({ more } = await store.reap(1_000));
  for (const view of await store.read(rooms.map((room) => ({ channel: `c:${room}`, limit: 10 }))))
    expect(view).toMatchObject({ users: 0, entries: 0 });
});
