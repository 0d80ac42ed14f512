import { createBus, defineTopic, memoryBroker, type BusOptions } from '@parley/bus';
import { describe, expect, it } from 'vitest';
import { failureOf, text } from './support.ts';

describe('a topic', () => {
  it('has what it was defined with, and defaults for the rest', () => {
    expect(defineTopic('a.b-c_1', { class: 'stream', schema: text })).toMatchObject({
      name: 'a.b-c_1',
      class: 'stream',
      version: 1,
      wide: false,
      retention: { count: 10_000, forMs: 604_800_000 },
      onceForMs: 300_000,
      checkEveryMs: 30_000,
      groups: ['workers'],
      reply: undefined,
    });
  });

  it.each([
    ['name', '', {}],
    ['name', 'a:b', {}],
    ['name', '~inbox', {}],
    ['name', 'x'.repeat(129), {}],
    ['class', 't', { class: 'other' }],
    ['schema', 't', { schema: {} }],
    ['schema', 't', { schema: undefined }],
    ['version', 't', { version: 0 }],
    ['version', 't', { version: 1.5 }],
    ['retention.count', 't', { retention: { count: 0 } }],
    ['retention.age', 't', { retention: { age: '10ms' } }],
    ['dedupe', 't', { dedupe: 'soon' }],
    ['checkEvery', 't', { checkEvery: 0 }],
    ['groups', 't', { groups: ['a', 'a'] }],
    ['groups', 't', { groups: ['a b'] }],
    ['groups', 't', { groups: [] }],
    ['reply', 't', { class: 'request' }],
  ])('that is wrong names %s (%j %j)', async (field, name, options) => {
    const given: object = { class: 'stream', schema: text, ...options };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const define = (): unknown => defineTopic(name, given as { class: 'stream'; schema: typeof text });
    expect(await failureOf(define)).toBe(`INVALID_ARGUMENT ${field}`);
  });
});

describe('options of a bus', () => {
  it.each([
    ['broker', { broker: {} }],
    ['broker', { broker: undefined }],
    ['maxMessageBytes', { maxMessageBytes: 10 }],
    ['maxMessageBytes', { maxMessageBytes: 1e12 }],
    ['outbox.messages', { outbox: { messages: 0 } }],
    ['outbox.bytes', { outbox: { bytes: 1 } }],
    ['publishWithin', { publishWithin: 0 }],
    ['brokerDeadline', { brokerDeadline: -1 }],
  ])('that are wrong name %s (%j)', async (field, options) => {
    const given: object = { broker: memoryBroker(), ...options };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(await failureOf(() => createBus(given as BusOptions))).toBe(`INVALID_ARGUMENT ${field}`);
  });

  it('take no larger messages than the broker does, without being told', async () => {
    const good = memoryBroker();
    const broker = { ...good, capabilities: { ...good.capabilities, maxBodyBytes: 300 } };
    await using bus = createBus({ broker });
    const topic = defineTopic('t', { class: 'stream', schema: text });
    expect(await failureOf(bus.publish(topic, 'x'.repeat(300)))).toBe('INVALID_ARGUMENT data');
  });
});
