import { redisBroker } from '@parley/adapter-redis/bus';
import { createBus, defineTopic, type Broker, type Gap, type Position, type StreamPage } from '@parley/bus';
import { startProxy, startRedis, until } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { connect, standalone } from '../support/connections.ts';

vi.setConfig({ testTimeout: 60_000 });

const messages = defineTopic('message', {
  class: 'stream',
  checkEvery: '0.5s',
  schema: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (typeof value === 'string' ? { value } : { issues: [{ message: 'no text' }] }),
    },
  },
});

/** An epoch that only says which log it is, as others have it: a server that takes over goes on in the same one. */
const plain = (epoch: string): string => epoch.slice(0, epoch.indexOf('.'));

const plainly = ({ epoch, offset }: Position): Position => ({ epoch: plain(epoch), offset });

function withPlainEpochs(good: Broker): Broker {
  const { streams } = good;
  const read: Broker['streams']['read'] = async (requests, options) => {
    const now = await streams.read(
      requests.map(({ channel }) => ({ channel, after: undefined, limit: 0 })),
      options,
    );
    const known = (i: number, after: Position): Position | undefined => {
      const epoch = now[i]?.epoch ?? '';
      return plain(epoch) === after.epoch ? { epoch, offset: after.offset } : after;
    };
    const pages = await streams.read(
      requests.map((request, i) => ({ ...request, after: request.after && known(i, request.after) })),
      options,
    );
    return pages.map((page): StreamPage => ({ ...page, epoch: plain(page.epoch), lineage: [] }));
  };
  return {
    ...good,
    streams: {
      ...streams,
      read,
      append: async (records, options) =>
        (await streams.append(records, options)).map((reply) => ({
          ...reply,
          position: plainly(reply.position),
        })),
    },
    open: (listener) =>
      good.open({
        ...listener,
        records: (channel, epoch, records) => listener.records(channel, plain(epoch), records),
        advanced: (channel, position) => listener.advanced(channel, plainly(position)),
      }),
  };
}

/** A master dies with three messages that its replica never got; then three others are published on what was the replica. */
async function failOver(epochs: (good: Broker) => Broker): Promise<{ got: string[]; gaps: Gap[] }> {
  await using old = await startRedis();
  await using replica = await startRedis();
  await replica.replicate(old);
  await using proxy = await startProxy({ target: old });
  const busOn = (server: { host: string; port: number }) =>
    createBus({ broker: epochs(redisBroker(connect(standalone(server)), { probeEveryMs: 500 })) });
  await using bus = busOn(proxy);
  const [got, gaps]: [string[], Gap[]] = [[], []];
  const subscription = bus.subscribe(messages, ({ data }) => void got.push(data), {
    onGap: (gap) => gaps.push(gap),
  });
  await subscription.ready({ within: '20s' });
  await bus.publishMany(messages, ['1', '2', '3', '4', '5']);
  await until(async () => (await replica.command('HGET', 'parley:head:{bus}:message:main', 't')) === '5', {
    what: 'five are on the replica',
  });
  await replica.fallBehind();
  await bus.publishMany(messages, ['lost 6', 'lost 7', 'lost 8']);
  await until(() => got.length === 8, { what: 'all are heard' });
  await old.kill();
  await replica.promote();
  // Somebody who is there first fills the offsets that were lost, before the subscription can see that they were.
  await using other = busOn(replica);
  const sent = await other.publishMany(messages, ['new 6', 'new 7', 'new 8']);
  expect(sent.map(({ position }) => position?.offset)).toEqual([6, 7, 8]);
  proxy.retarget(replica);
  // What comes after them shows that the subscription hears, and has heard all that it will.
  await until(() => subscription.state === 'live', { what: 'it is live again' });
  await other.publish(messages, 'last');
  await until(() => got.includes('last'), { what: 'the last one is heard' });
  return { got, gaps };
}

const before = ['1', '2', '3', '4', '5', 'lost 6', 'lost 7', 'lost 8'];

test('with a plain epoch, messages after a failover that lost some are dropped as old ones, and nobody is told', async () => {
  const { got, gaps } = await failOver(withPlainEpochs);
  expect(got).toEqual([...before, 'last']);
  expect(gaps).toEqual([]);
});

test('with ours, the gap is told, and every message after it arrives', async () => {
  const { got, gaps } = await failOver((good) => good);
  expect(got).toEqual([...before, 'new 6', 'new 7', 'new 8', 'last']);
  expect(gaps).toMatchObject([{ reason: 'epoch', from: { offset: 8 }, to: { offset: 5 } }]);
});
