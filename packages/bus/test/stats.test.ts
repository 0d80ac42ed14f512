import { createBus, defineTopic, memoryBroker } from '@parley/bus';
import { expect, test } from 'vitest';
import { text } from './support.ts';

test('the figures name the bus, and count what it follows and what handles it', async () => {
  await using bus = createBus({ broker: memoryBroker() });
  expect(bus.stats()).toMatchObject({
    isInitialized: true,
    activeEventTypes: 0,
    totalHandlers: 0,
    serviceId: bus.source,
    channelPrefix: '',
    channels: 0,
    feed: {},
  });
  const messages = defineTopic('message', { class: 'stream', schema: text });
  const typing = defineTopic('typing', { class: 'ephemeral', schema: text });
  const mails = defineTopic('mail', { class: 'queue', schema: text });
  const one = bus.subscribe(messages, () => undefined, { channel: 'a' });
  bus.subscribe(messages, () => undefined, { channel: 'a' });
  bus.subscribe(typing, () => undefined);
  const worker = bus.work(mails, () => undefined);
  await one.ready();
  expect(bus.stats()).toMatchObject({ activeEventTypes: 3, totalHandlers: 4, channels: 2 });
  await Promise.all([one.close(), worker.close()]);
  expect(bus.stats()).toMatchObject({ activeEventTypes: 2, totalHandlers: 2 });
});

test('publications that too much waiting refused are counted', async () => {
  const broker = memoryBroker();
  const never = new Promise<never>(() => undefined);
  const bus = createBus({
    broker: { ...broker, streams: { ...broker.streams, append: () => never } },
    outbox: { messages: 1 },
    publishWithin: '50ms',
  });
  const messages = defineTopic('message', { class: 'stream', schema: text });
  const waiting = bus.publish(messages, 'a').catch(() => 'late');
  await expect(bus.publish(messages, 'b')).rejects.toMatchObject({ code: 'OVERLOADED', retryable: true });
  expect(await waiting).toBe('late');
  expect(bus.stats()).toMatchObject({ refused: 1, failed: 2 });
  await bus.close({ within: 0 });
});
