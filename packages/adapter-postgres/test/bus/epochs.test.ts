import { connectPostgres } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import type { PostgresBroker } from '@parley/adapter-postgres/bus';
import { startPostgres, startPostgresPair, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bodiesOf, busOn, entry, pageOf } from '../support/bus.ts';
import { failure } from '../support/failure.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

function connect(server: PostgresServer): Database {
  const db = connectPostgres({ url: server.url, connectTimeout: '2s', queryTimeout: '5s' });
  open.push(db);
  return db;
}

function brokerOn(server: PostgresServer): PostgresBroker {
  const broker = busOn(connect(server));
  open.push(broker);
  return broker;
}

async function epochOf(broker: PostgresBroker, channel: string): Promise<string> {
  return (await pageOf(broker, channel, undefined, 0)).epoch;
}

describe('a server that comes back with its data', () => {
  test.each(['stopped', 'killed'])('goes on in the same epoch after it was %s', async (how) => {
    const server = await startPostgres();
    open.push(server);
    const broker = brokerOn(server);
    const [before] = await broker.streams.append([entry('t:a', 'a')]);
    const unused = await epochOf(broker, 't:unused');
    if (how === 'killed') await server.kill();
    await server.restart({ data: 'keep' });
    await until(() => pageOf(broker, 't:a').catch(() => undefined), { what: 'it answers' });
    expect(await pageOf(broker, 't:a')).toMatchObject({ epoch: before?.position.epoch, top: 1, lineage: [] });
    expect(await epochOf(broker, 't:unused')).toBe(unused);
    const [after] = await broker.streams.append([entry('t:a', 'b')]);
    expect(after?.position).toEqual({ epoch: before?.position.epoch, offset: 2 });
  });

  test('and a server that comes back without its data begins other epochs', async () => {
    const server = await startPostgres();
    open.push(server);
    const broker = brokerOn(server);
    const [before] = await broker.streams.append([entry('t:a', 'a')]);
    await server.restart({ data: 'wipe' });
    const epoch = await until(() => epochOf(broker, 't:a').catch(() => undefined), { what: 'it answers' });
    expect(epoch).not.toBe(before?.position.epoch);
    const [after] = await broker.streams.append([entry('t:a', 'b')]);
    expect(after?.position).toEqual({ epoch, offset: 1 });
  });
});

describe('a standby that is promoted', () => {
  test('without the last records goes on in an epoch that says up to where it is the same', async () => {
    const pair = await startPostgresPair({ synchronous: false });
    open.push(pair);
    const before = brokerOn(pair.primary);
    await before.streams.append([entry('t:a', 'a'), entry('t:a', 'b'), entry('t:idle', 'x')]);
    const { epoch } = await pageOf(before, 't:a');
    await pair.caughtUp();
    pair.link.blackHole();
    const [lost] = await before.streams.append([entry('t:a', 'lost')]);
    expect(lost?.position).toEqual({ epoch, offset: 3 });
    await pair.primary.kill();
    await pair.promote();

    const after = brokerOn(pair.standby);
    // Reading comes to the same as the append that follows, although nothing was written in between.
    const page = await pageOf(after, 't:a', { epoch, offset: 3 });
    expect(page).toMatchObject({ top: 2, records: [], lineage: [{ epoch, offset: 2 }] });
    expect(page.epoch).not.toBe(epoch);
    const [next] = await after.streams.append([entry('t:a', 'next')]);
    expect(next?.position).toEqual({ epoch: page.epoch, offset: 3 });
    // Who had read the lost record is not taken for one who has read the next.
    expect((await pageOf(after, 't:a', lost?.position)).records).toEqual([]);
    expect(await pageOf(after, 't:a')).toMatchObject({
      epoch: page.epoch,
      top: 3,
      lineage: [{ epoch, offset: 2 }],
    });
    expect(await bodiesOf(after, 't:a')).toEqual(['a', 'b', 'next']);
    // A log that nobody has appended to since is in another epoch as well: what it lost nobody knows.
    const idle = await pageOf(after, 't:idle');
    expect(idle.lineage).toHaveLength(1);
  });

  test('with all that was acknowledged keeps it, and is in another epoch all the same', async () => {
    const pair = await startPostgresPair({ synchronous: true });
    open.push(pair);
    const before = brokerOn(pair.primary);
    const records = Array.from({ length: 50 }, (_, i) => entry('t:a', `${i}`));
    const acknowledged: string[] = [];
    for (const record of records) {
      await before.streams.append([record]);
      acknowledged.push(record.body);
    }
    pair.link.blackHole();
    // It waits for a standby that does not hear of it; nobody was promised anything.
    const unknown = failure(before.streams.append([entry('t:a', 'unknown')]));
    await pair.primary.kill();
    expect(await unknown).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await pair.promote();
    const after = brokerOn(pair.standby);
    expect((await bodiesOf(after, 't:a')).slice(0, 50)).toEqual(acknowledged);
    const { lineage } = await pageOf(after, 't:a', undefined, 0);
    expect(lineage[0]?.offset).toBeGreaterThanOrEqual(50);
  });
});

describe('epochs', () => {
  test('of two servers that were both promoted from one primary are told apart', async () => {
    const server = await startPostgres();
    open.push(server);
    const db = connect(server);
    const broker = busOn(db);
    open.push(broker);
    await broker.streams.append([entry('t:a', 'a')]);
    const first = await pageOf(broker, 't:a');
    // As on a server that took over: the rows came along, and were written by another one.
    const another = async (name: string): Promise<void> => {
      await db.query({ text: `update parley.bus_histories set started = null` });
      await db.query({ text: `update parley.bus_histories set server = $1 where server not like 'was%'` }, [
        `was ${name}`,
      ]);
    };
    await another('one');
    const second = await pageOf(broker, 't:a');
    expect(second.lineage).toEqual([{ epoch: first.epoch, offset: 1 }]);
    // Nothing is appended before the next one takes over; its readers had the epoch all the same.
    await another('two');
    const third = await pageOf(broker, 't:a');
    expect(third.lineage).toEqual([
      { epoch: second.epoch, offset: 1 },
      { epoch: first.epoch, offset: 1 },
    ]);
    const [next] = await broker.streams.append([entry('t:a', 'b')]);
    expect(next?.position).toEqual({ epoch: third.epoch, offset: 2 });
    expect((await pageOf(broker, 't:a')).lineage).toEqual(third.lineage);
    expect(new Set([first.epoch, second.epoch, third.epoch]).size).toBe(3);
  });
});
