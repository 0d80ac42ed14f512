import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { createPresence, memoryFeed } from '@parley/presence';
import { until } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';
import { kinds } from '../support/kinds.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

test.each(Object.entries(kinds))(
  'on %s, a process gives up a connection that came to another one, and no other connection',
  async (_, configure) => {
    const config = await configure();
    const feed = memoryFeed();
    const made = [1, 2].map(() =>
      createPresence({
        store: redisPresenceStore(connect(config)),
        feed,
        within: '30s',
        storeDeadline: '20s',
      }),
    );
    const [one, two] = made;
    if (one === undefined || two === undefined) throw new Error('there are two');
    // Of one user, of whom each has an entry in one field of Redis.
    const ids = ['', ' ', 'a', 'b', 'ab'].map((id) => `tab${id}`);
    const tabs = ids.map((connection) => one.connect({ user: 'ann', connection }));
    await Promise.all(tabs.map((tab) => tab.join('general')));
    const came = two.connect({ user: 'ann', connection: 'taba' });
    await came.join('general');
    await until(() => tabs.some(({ open }) => !open), { what: 'it is given up', deadline: 30_000 });
    await one.connect({ user: 'bob' }).ready();
    expect(tabs.map(({ open }) => open)).toEqual(ids.map((id) => id !== 'taba'));
    expect(came.open).toBe(true);
    expect(await one.counts(['general'])).toEqual([{ users: 1, connections: ids.length }]);
    // Nobody had these: nobody is told.
    await two.connect({ user: 'ann', connection: 'tabc' }).ready();
    await two.connect({ user: 'ann', connection: 'taba' }).ready();
    expect(one.stats().takenOver).toBe(1);
    await Promise.all(made.map((presence) => presence.close()));
  },
);
