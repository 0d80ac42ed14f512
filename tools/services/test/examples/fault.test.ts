import { partitionHost, startPartition, startProxy, startRedis } from '@parley/services';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';

it('a command whose reply is lost has run all the same', async () => {
  // #region lost-reply
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  const client = new Redis(proxy.url, { maxRetriesPerRequest: 0 });
  client.on('error', () => {});
  await client.ping();

  const { lost } = proxy.dropNextReply((request) => request.includes('incr'));
  await expect(client.incr('visits')).rejects.toThrow(/retries per request/);

  expect(await lost).toBe(true);
  expect(await redis.command('GET', 'visits')).toBe('1');
  // #endregion lost-reply
  client.disconnect();
});

it('a server that hangs keeps its connections and answers later', async () => {
  // #region hung
  await using redis = await startRedis();
  const client = new Redis(redis.url, { commandTimeout: 1_000 });
  await client.set('greeting', 'hello');

  await redis.pause();
  await expect(client.get('greeting')).rejects.toThrow('Command timed out');

  await redis.resume();
  expect(await client.get('greeting')).toBe('hello');
  // #endregion hung
  client.disconnect();
});

it('a partition is told to nobody, and what it held back arrives when it heals', async () => {
  // #region partition
  await using redis = await startRedis({ config: { bind: `127.0.0.1 ${partitionHost}` } });
  const client = new Redis({ host: partitionHost, port: redis.port });
  await client.set('visits', 1);

  const partition = await startPartition({ host: partitionHost, port: redis.port });
  const answer = client.incr('visits');
  await partition.inVain(3); // the kernel has sent it again, three times
  expect(await redis.command('GET', 'visits')).toBe('1'); // by the other address

  await partition.heal();
  expect(await answer).toBe(2);
  // #endregion partition
  client.disconnect();
}, 120_000);
