import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { startProxy, startRedis, until, type RedisServer } from '@parley/services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { appendOne, bodiesOf, Hearer, pageOf, record } from '../support/bus.ts';
import { connect, failure, patient, standalone } from '../support/connections.ts';
import { Ledger } from '../support/ledger.ts';

vi.setConfig({ testTimeout: 30_000 });

const channel = 'topic:a';
const servers: RedisServer[] = [];

async function start(config = {}): Promise<RedisServer> {
  const server = await startRedis({ config });
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const brokerOf = (server: RedisServer): Broker =>
  redisBroker(connect(patient(server)), { probeEveryMs: 500 });

async function fill(broker: Broker, from: number, to: number): Promise<void> {
  for (let i = from; i <= to; i++) await appendOne(broker, record(channel, `${i}`));
}

describe('a replica that missed the last records becomes the master', () => {
  test('its log is another epoch, the same as the earlier one up to its end', async () => {
    const [old, replica] = await Promise.all([start(), start()]);
    await replica.replicate(old);
    const before = brokerOf(old);
    await fill(before, 1, 5);
    await until(async () => (await replica.command('HGET', 'parley:head:{bus}:topic:a', 't')) === '5', {
      what: 'five are on the replica',
    });
    const seen = await pageOf(before, channel);
    await replica.fallBehind();
    await fill(before, 6, 8);
    await replica.promote();

    const after = brokerOf(replica);
    const page = await pageOf(after, channel, { epoch: seen.epoch, offset: 8 });
    expect(page).toMatchObject({ top: 5, records: [], lineage: [{ epoch: seen.epoch, offset: 5 }] });
    expect(page.epoch).not.toBe(seen.epoch);
    // The very offsets that were given out before, for other records.
    await fill(after, 106, 108);
    expect(await bodiesOf(after, channel)).toEqual(['1', '2', '3', '4', '5', '106', '107', '108']);
    const next = await pageOf(after, channel, { epoch: page.epoch, offset: 5 });
    expect(next.records.map(({ offset, body }) => [offset, body])).toEqual([
      [6, '106'],
      [7, '107'],
      [8, '108'],
    ]);
    expect(next.lineage).toEqual([{ epoch: seen.epoch, offset: 5 }]);
  });

  test('a replica answers nothing about logs', async () => {
    const [master, replica] = await Promise.all([start(), start()]);
    await replica.replicate(master);
    await fill(brokerOf(master), 1, 1);
    expect(await failure(pageOf(brokerOf(replica), channel))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await failure(new Hearer(brokerOf(replica)).feed.join('channel', [channel]))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });
});

describe('the server starts again', () => {
  const persistent = { appendonly: 'yes', appendfsync: 'always' };

  test('with its data: the log goes on in another epoch, and says with what', async () => {
    const server = await start(persistent);
    const broker = brokerOf(server);
    await fill(broker, 1, 3);
    const before = await pageOf(broker, channel);
    await server.kill();
    await server.restart({ data: 'keep' });
    const after = await until(() => pageOf(broker, channel), { what: 'it is back' });
    expect(after.records).toEqual(before.records);
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.lineage).toEqual([{ epoch: before.epoch, offset: 3 }]);
    await until(() => appendOne(broker, record(channel, '4', { id: 'four', sinceMs: 5_000 })), {
      what: 'it appends',
    });
    expect(await bodiesOf(broker, channel)).toEqual(['1', '2', '3', '4']);
  });

  test('without its data: the log begins anew', async () => {
    const server = await start();
    const broker = brokerOf(server);
    await fill(broker, 1, 3);
    const before = await pageOf(broker, channel);
    await server.kill();
    await server.restart({ data: 'wipe' });
    const after = await until(() => pageOf(broker, channel), { what: 'it is back' });
    expect(after).toMatchObject({ top: 0, records: [], lineage: [] });
    expect(after.epoch).not.toBe(before.epoch);
  });
});

test('whoever follows a master that is lost is told of what is missing, and hears what comes', async () => {
  const [old, replica] = await Promise.all([start(), start()]);
  await replica.replicate(old);
  const proxy = await startProxy({ target: old });
  const broker = redisBroker(connect(standalone(proxy)), { probeEveryMs: 500 });
  const ledger = new Ledger(broker, broker, ['a', 'b']);
  await ledger.start();
  await replica.fallBehind();
  await ledger.progress();
  await old.kill();
  await replica.promote();
  proxy.retarget(replica);
  await ledger.progress();
  await ledger.close({ mayLose: true });
  expect(ledger.gaps.map(({ reason }) => reason)).toEqual(['epoch', 'epoch']);
  await proxy.close();
});
