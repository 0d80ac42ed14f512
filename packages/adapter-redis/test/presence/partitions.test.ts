import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { sharedRedisCluster } from '@parley/services';
import { expect, test } from 'vitest';
import { internalsOf } from '../../src/connection.ts';
import { leasesOf, presenceKeys } from '../../src/presence/keys.ts';
import { connect } from '../support/connections.ts';
import { longMs, setting } from '../support/presence.ts';

test('a lease that one partition of a cluster has lost is over, and what the others did is told', async () => {
  const { urls, prefix } = await sharedRedisCluster();
  const nodes = urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) }));
  const connection = connect({ mode: 'cluster', nodes, prefix });
  const store = redisPresenceStore(connection);
  const keys = presenceKeys(prefix, true);
  const channels = Array.from({ length: 40 }, (_, i) => `c:${i}`);
  const lost = keys.baseOf('c:0');
  const changes = channels.map((channel) => setting(channel, 'ann', 't'));
  await store.open('lease', longMs);
  await internalsOf(connection).changes.call('lose a lease', ['zrem', leasesOf(lost), 'lease']);

  const { verdict, outcomes, appended } = await store.change({ lease: 'lease', turn: 2, changes });
  const isLost = (channel: string): boolean => keys.baseOf(channel) === lost;
  expect(verdict).toBe('lapsed');
  expect(outcomes).toEqual(channels.map((channel) => (isLost(channel) ? 'same' : 'done')));
  expect(appended.map(({ channel }) => channel).toSorted()).toEqual(
    channels.filter((channel) => !isLost(channel)).toSorted(),
  );
  expect((await store.beat('lease', longMs)).held).toBe(false);
  const views = await store.read(channels.map((channel) => ({ channel, limit: 1 })));
  expect(views.map(({ users }) => users)).toEqual(channels.map((channel) => (isLost(channel) ? 0 : 1)));

  // A batch that is late in one partition alone.
  await store.open('another', longMs);
  const here = channels.filter((channel) => !isLost(channel)).slice(0, 1);
  await store.change({ lease: 'another', turn: 9, changes: here.map((name) => setting(name, 'bob', 't')) });
  const late = await store.change({
    lease: 'another',
    turn: 5,
    changes: channels.map((channel) => setting(channel, 'cy', 't')),
  });
  expect(late.verdict).toBe('late');
  const base = keys.baseOf(here[0] ?? '');
  expect(late.outcomes).toEqual(channels.map((channel) => (keys.baseOf(channel) === base ? 'same' : 'done')));

  await store.end(['lease', 'another']);
  const reaped: string[] = [];
  for (let more = true; more;) {
    const round = await store.reap(100);
    reaped.push(...round.appended.map(({ channel }) => channel));
    ({ more } = round);
  }
  expect([...new Set(reaped)].toSorted()).toEqual(channels.toSorted());
});
