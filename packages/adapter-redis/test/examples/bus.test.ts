import { readFileSync } from 'node:fs';
import { defineTopic } from '@parley/bus';
import type { Schema } from '@parley/cache-core/kernel';
import { sharedRedis } from '@parley/services';
import { expect, test } from 'vitest';
// #region use
import { createBus } from '@parley/bus';
import { connectRedis, redisConfigFromUrl } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';

async function discuss(url: string, prefix: string): Promise<string[]> {
  const redis = connectRedis({ ...redisConfigFromUrl(url), prefix });
  const bus = createBus({ broker: redisBroker(redis) });
  const listening = bus.subscribe(said, ({ data }) => show(data), { channel: 'room-7' });
  await listening.ready();
  await bus.publish(said, 'hello', { channel: 'room-7' }); // to every process
  const { messages } = await bus.history(said, { channel: 'room-7' });
  await bus.close();
  await redis.close();
  return messages.map(({ data }) => data);
}
// #endregion use

const schema: Schema<string> = {
  '~standard': { version: 1, vendor: 'example', validate: (value) => ({ value: String(value) }) },
};
const said = defineTopic('room.said', { class: 'stream', schema });
const shown: string[] = [];
const show = (text: string): void => void shown.push(text);

test('a message to every process, and the history of a channel', async () => {
  const { url, prefix } = await sharedRedis();
  expect(await discuss(url, prefix)).toEqual(['hello']);
  expect(shown).toEqual(['hello']);
});

test('the code in the README is this code', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, code] = /## The bus\n[^]*?```ts\n([^]*?)```/.exec(read('../../README.md')) ?? [];
  const [, tested] = /\/\/ #region use\n([^]*?)\/\/ #endregion use/.exec(read('bus.test.ts')) ?? [];
  expect(tested).toBeDefined();
  expect(code).toBe(tested);
});
