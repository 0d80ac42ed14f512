import { connectPostgres } from '@parley/adapter-postgres';
import { partitionHost, startPartition, startPostgres, until, type Partition } from '@parley/services';
import { expect, test } from 'vitest';
import { bodiesOf, busOn, entry } from '../support/bus.ts';
import { failure } from '../support/failure.ts';

/** 20 s, and what a crowded machine adds. */
const noticedWithinMs = 60_000;

test(
  'who is swallowed by the network in the middle of a transaction keeps a channel from the others until the server notices, and no longer',
  { timeout: 180_000 },
  async () => {
    await using server = await startPostgres({
      settings: { listen_addresses: `127.0.0.1,${partitionHost}` },
    });
    const cut = connectPostgres({ url: server.url.replace('127.0.0.1', partitionHost), queryTimeout: '2s' });
    const safe = connectPostgres({ url: server.url, queryTimeout: '2s' });
    await using near = busOn(cut);
    await using far = busOn(safe);
    const channel = 't:held';
    await far.streams.append([entry(channel, 'before')]);

    const cutOff: Partition[] = [];
    const held = cut.transaction(async (session) => {
      await near.appendIn(session, [entry(channel, 'held')]);
      cutOff.push(await startPartition({ host: partitionHost, port: server.port }));
      const waiting = entry(channel, 'waiting');
      const appends = (): Promise<boolean> =>
        far.streams.append([waiting]).then(
          () => true,
          () => false,
        );
      expect(await appends()).toBe(false);
      await until(appends, { what: 'the server has noticed', deadline: noticedWithinMs });
    });
    expect(await failure(held)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await bodiesOf(far, channel)).toEqual(['before', 'waiting']);
    await cutOff[0]?.heal();
    await Promise.all([cut.close(), safe.close()]);
  },
);
