import { setTimeout as sleep } from 'node:timers/promises';
import { startProxy, startRedis } from '@parley/services';
import { Redis } from 'ioredis-6';
import { Stampede } from '../../cache/stampede.ts';
import { judged, notOffered } from '../scenario.ts';
import type { RivalScenario } from '../scenario.ts';

const withoutTags = () => notOffered('It has no tags.');

/** K6: what Redis forgets is not undone. */
export const evictedTag: RivalScenario = {
  id: 'K6',
  promise: 'When Redis evicts the record of a tag, invalidated entries do not come back to life',
  async run(cell) {
    const server = await startRedis();
    const wish = { redis: server.url, local: false, bus: false, tags: true };
    const cache = await cell.open(wish);
    const { invalidateTag } = cache;
    if (!invalidateTag) return withoutTags();
    await cache.set('entry-of-k6', 'old', { tags: ['team'] });
    await invalidateTag('team');
    const redis = new Redis(server.url);
    // What an eviction may take, taken surely: everything but the entry itself.
    const evicted = (await redis.keys('*')).filter((key) => !key.endsWith('entry-of-k6'));
    if (evicted.length > 0) await redis.del(...evicted);
    const value = await (await cell.open(wish)).get('entry-of-k6');
    redis.disconnect();
    return judged(
      (value ?? undefined) === undefined ? [] : ['the invalidated entry is served again'],
      'The entry stays invalid.',
    );
  },
};

/** K11: one load for all. */
export const stampede: RivalScenario = {
  id: 'K11',
  promise: '10 processes with 100 callers each on one cold key: 1 load, on Redis and on Postgres',
  limitMs: 60_000,
  async run({ library, servers, prefix }) {
    const loads: string[] = [];
    const wrong: string[] = [];
    for (const server of ['redis', 'postgres'] as const) {
      const crowd = await Stampede.start(library, {
        prefix,
        [server]: servers[server],
        local: true,
        shared: true,
      });
      const seen = Math.max(await crowd.run(), await crowd.run());
      crowd.stop();
      (seen === 1 ? loads : wrong).push(
        `${seen} ${seen === 1 ? 'load' : 'loads'} on ${server === 'redis' ? 'Redis' : 'Postgres'}`,
      );
    }
    return judged(wrong, `${loads.join(', ')}.`);
  },
};

/** K12: a reader that meets an expired row does not take a new one away. */
export const expiredRow: RivalScenario = {
  id: 'K12',
  promise: 'An expired row that a reader meets while another process writes it anew is not lost (Postgres)',
  async run(cell) {
    const { postgres } = cell.servers;
    const { hostname, port } = new URL(postgres);
    const proxy = await startProxy({ target: { host: hostname, port: Number(port), url: postgres } });
    const reader = await cell.open({ postgres: proxy.url, local: false, bus: false });
    const writer = await cell.open({ postgres, local: false, bus: false });
    await writer.set('k12', 'expired', { ttlMs: 100 });
    await reader.get('another');
    await sleep(400);
    proxy.delay(500, 'requests');
    const reading = reader.get('k12');
    // The first request of the reader has been answered, and a second one is on its way.
    await sleep(750);
    await writer.set('k12', 'new');
    await reading;
    await sleep(1_500);
    await proxy.heal();
    const value = await writer.get('k12');
    await proxy.close();
    return judged(
      value === 'new' ? [] : ['the new row is deleted with the expired one'],
      'The new row stays.',
    );
  },
};

/** K13: what is in memory costs the server nothing. */
export const warmReads: RivalScenario = {
  id: 'K13',
  promise: '100 reads of tagged entries in memory cost Redis no command',
  async run(cell) {
    const server = await startRedis();
    const cache = await cell.open({ redis: server.url, tags: true });
    if (!cache.invalidateTag) return withoutTags();
    const load = () => cache.load('k13', () => Promise.resolve(1), { tags: ['team', 'role'] });
    for (let i = 0; i < 3; i++) {
      await load();
      await sleep(500);
    }
    const redis = new Redis(server.url);
    const commands = async () =>
      Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
    // A heartbeat of the bus may fall into one of them.
    let fewest = Infinity;
    for (let round = 0; round < 3; round++) {
      const before = await commands();
      for (let i = 0; i < 100; i++) await load();
      fewest = Math.min(fewest, (await commands()) - before - 1);
    }
    redis.disconnect();
    return judged(fewest === 0 ? [] : [`${fewest} commands for 100 reads`], 'No command.');
  },
};
