import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Parley } from '@parley/runtime';
import { sharedRedisCluster, sharedRedisSentinel } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 20_000 };

const hostsOf = (urls: readonly string[]): string => urls.map((url) => new URL(url).host).join(',');

const environments = {
  'a Redis Cluster': async () => {
    const { urls, prefix } = await sharedRedisCluster();
    return { REDIS_CLUSTER_NODES: hostsOf(urls), REDIS_KEY_PREFIX: prefix };
  },
  'a Redis behind Sentinels': async () => {
    const { urls, name, prefix } = await sharedRedisSentinel();
    return { REDIS_SENTINELS: hostsOf(urls), REDIS_SENTINEL_NAME: name, REDIS_KEY_PREFIX: prefix };
  },
};

describe.each(Object.entries(environments))('on %s', (_, environment) => {
  it('who comes, goes, types and chooses a status in one process is seen in the other', async () => {
    const env = { CACHE_ADAPTER: 'redis', ...(await environment()) };
    // Nothing is looked up for an hour: what is seen sooner was told.
    const open = (): Promise<Parley> =>
      openParley(env, { logger: silentLogger, presence: { checkEvery: '1h', lease: '1h' } });
    await using one = await open();
    await using two = await open();
    // Of many channels some are on every server.
    const channels = Array.from({ length: 12 }, (__, i) => `room ${i}`);
    const seen = await Promise.all(channels.map((channel) => watched(two, channel)));
    const typing = two.presence.typing.watch('room 0', () => undefined);
    await typing.ready();
    const ann = one.presence.connect({ user: 'ann', connection: 'tab' });
    const bob = two.presence.connect({ user: 'bob' });
    await Promise.all(channels.flatMap((channel) => [ann.join(channel), bob.join(channel)]));
    for (const { users } of seen) await expect.poll(users, patience).toEqual(['ann', 'bob']);
    expect(await two.presence.counts(channels)).toEqual(channels.map(() => ({ users: 2, connections: 2 })));

    await one.presence.typing.start('room 0', { user: 'ann' });
    await expect.poll(() => typing.current.users, patience).toEqual(['ann']);
    await one.presence.setStatus('ann', { availability: 'dnd' });
    const statuses = async () => (await two.presence.users(['ann', 'eve'])).map(({ status }) => status);
    await expect.poll(statuses, patience).toEqual(['dnd', 'offline']);

    await ann.leave('room 0');
    await expect.poll(() => seen[0]?.users(), patience).toEqual(['bob']);
    await one.close();
    for (const { users } of seen) await expect.poll(users, patience).toEqual(['bob']);
    for (const { told } of seen) expect(told.toSorted()).toEqual(['ann came', 'ann went', 'bob came']);
    expect(two.presence.stats()).toMatchObject({ noticesFailed: 0 });
    for (const each of seen) each[Symbol.dispose]();
    typing.close();
  });
});
