import { defineTopic, type NewRecord, type Schema } from '@parley/bus';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { anything, failureOf, hang, schemaOf, silent, stage, text, watch } from './support.ts';

interface Person {
  readonly name: string;
  readonly address: { readonly lines: readonly string[] };
}

const person = schemaOf<Person>((value) => {
  const lines = value.address.lines.findIndex((line) => typeof line !== 'string');
  return lines === -1 ? undefined : { message: 'it is not text', path: ['address', { key: 'lines' }, lines] };
});
const people = defineTopic('people', { class: 'stream', schema: person });
const typing = defineTopic('typing', {
  class: 'ephemeral',
  schema: anything<{ readonly who: string }>(),
  key: ({ who }) => who,
});
const mails = defineTopic('mails', { class: 'queue', schema: text, groups: ['send', 'count'] });
const ann = { name: 'Ann', address: { lines: ['1 Road'] } };

describe('data that cannot be published', () => {
  it('is refused with the name of its field, and nothing is sent', async () => {
    const { bus, broker } = stage();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const bad = { name: 'Ann', address: { lines: ['a', 2] } } as unknown as typeof ann;
    await expect(bus.publish(people, bad)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'data.address.lines.1',
    });
    const [page] = await broker.streams.read([{ channel: 'people:main', after: undefined, limit: 1 }]);
    expect([page?.top, bus.stats().failed]).toEqual([0, 1]);
  });

  it('because it is too large is refused with its size and the limit', async () => {
    const { bus } = stage({}, { maxMessageBytes: 1_000 });
    const fits = { ...ann, name: 'x'.repeat(800) };
    await bus.publish(people, fits);
    await expect(bus.publish(people, { ...ann, name: 'ü'.repeat(600) })).rejects.toThrow(
      /no larger than 1000 bytes.*people with 1\d{3} bytes/,
    );
  });

  it('because JSON has no form for it is refused', async () => {
    const { bus } = stage();
    const any = defineTopic('any', { class: 'stream', schema: anything<unknown>() });
    const ring: { self?: unknown } = {};
    ring.self = ring;
    for (const data of [1n, ring, undefined, () => 1])
      expect(await failureOf(bus.publish(any, data))).toMatch(/^INVALID_ARGUMENT data/);
  });

  it('because its key is no text is refused, before anybody is sent what he cannot read', async () => {
    const { bus } = stage();
    const topic = defineTopic('keyed', {
      class: 'stream',
      schema: anything<number>(),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      key: ((data: number) => data) as unknown as (data: number) => string,
    });
    expect(await failureOf(bus.publish(topic, 1))).toBe('INVALID_ARGUMENT key');
  });

  it('with a schema that answers in a promise is refused', async () => {
    const { bus } = stage();
    const later: Schema<string> = {
      '~standard': { version: 1, vendor: 'test', validate: async () => ({ value: '' }) },
    };
    const topic = defineTopic('later', { class: 'stream', schema: later });
    expect(await failureOf(bus.publish(topic, 'x'))).toBe('INVALID_ARGUMENT schema');
  });

  it('with a schema that does not accept what it gives back is refused with the first message', async () => {
    const { bus } = stage();
    const transformed: Schema<number> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          typeof value === 'string' ? { value: value.length } : { issues: [{ message: 'it is not text' }] },
      },
    };
    const topic = defineTopic('once', {
      class: 'stream',
      schema: transformed,
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(await failureOf(bus.publish(topic, 'x' as unknown as number))).toBe('INVALID_ARGUMENT schema');
  });

  it('travels as the schema gives it back', async () => {
    const { bus } = stage();
    const trimming: Schema<string> = {
      '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: String(value).trim() }) },
    };
    const trimmed = defineTopic('trimmed', { class: 'stream', schema: trimming });
    await bus.publish(trimmed, '  x ');
    const { messages } = await bus.history(trimmed);
    expect(messages[0]?.data).toBe('x');
  });
});

describe('options of a publication', () => {
  it.each([
    ['a delay of what is no queue', people, { delay: 1 }, 'delay'],
    ['a delay of an ephemeral message', typing, { delay: 1 }, 'delay'],
    ['a key of an ephemeral message', typing, { idempotencyKey: 'k' }, 'idempotencyKey'],
    ['an empty channel', people, { channel: '' }, 'channel'],
    ['a channel with a line break', people, { channel: 'a\nb' }, 'channel'],
    ['no time at all', people, { within: 0 }, 'within'],
    ['no time at all for an ephemeral message', typing, { within: 0 }, 'within'],
    ['an empty idempotency key', people, { idempotencyKey: '' }, 'idempotencyKey'],
  ] as const)('%s is refused', async (_, topic, options, field) => {
    const { bus } = stage();
    const published =
      topic.class === 'stream'
        ? bus.publish(topic, ann, options)
        : bus.publish(topic, { who: 'ann' }, options);
    expect(await failureOf(published)).toBe(`INVALID_ARGUMENT ${field}`);
  });
});

describe('a publication', () => {
  it('of one idempotency key counts once in its channel', async () => {
    const { bus } = stage();
    const first = await bus.publish(people, ann, { idempotencyKey: 'k' });
    const again = await bus.publish(people, ann, { idempotencyKey: 'k' });
    const elsewhere = await bus.publish(people, ann, { idempotencyKey: 'k', channel: 'other' });
    expect([first.repeated, again.repeated, elsewhere.repeated]).toEqual([false, true, false]);
    expect(again.position).toEqual(first.position);
    expect(bus.stats()).toMatchObject({ published: 2, suppressed: 1 });
  });

  it('whose reply is lost is asked for again, and is there once', async () => {
    let lost = 0;
    const { bus, broker, clock } = stage((good) => ({
      ...good,
      streams: {
        ...good.streams,
        append: async (records: readonly NewRecord[]) => {
          const replies = await good.streams.append(records);
          if ((lost += 1) === 1) throw new StoreUnavailable('the connection broke');
          return replies;
        },
      },
    }));
    const publishing = bus.publish(people, ann);
    await clock.advance(100);
    expect(await publishing).toMatchObject({ sent: true, repeated: true, position: { offset: 1 } });
    const [page] = await broker.streams.read([{ channel: 'people:main', after: undefined, limit: 9 }]);
    expect([page?.top, bus.stats().resent]).toEqual([1, 1]);
  });

  it('can be given up by its signal, and the signal is left alone afterwards', async () => {
    const { bus, clock } = stage({ streams: { append: hang } });
    const leaving = new AbortController();
    const published = watch(bus.publish(people, ann, { signal: leaving.signal }), clock);
    await clock.settle();
    leaving.abort();
    await clock.settle();
    expect(published.outcome).toBe('ABORTED@0');
    expect(await failureOf(bus.publish(people, ann, { signal: leaving.signal }))).toBe('ABORTED');
  });

  it.each(['1s', '20s'] as const)('settles within %s when the broker never answers', async (within) => {
    const { bus, clock } = stage(silent);
    const limit = within === '1s' ? 1_000 : 20_000;
    const stream = watch(bus.publish(people, ann, { within }), clock);
    const queue = watch(bus.publish(mails, 'x', { within }), clock);
    const ephemeral = bus.publish(typing, { who: 'ann' }, { within });
    const signal = watch(ephemeral, clock);
    await clock.advance(limit);
    expect([stream.outcome, queue.outcome]).toEqual([
      `DEADLINE_EXCEEDED@${limit}`,
      `DEADLINE_EXCEEDED@${limit}`,
    ]);
    expect(signal.outcome).toBeDefined();
    expect(await ephemeral).toMatchObject({ sent: false });
    expect(bus.stats()).toMatchObject({ failed: 2, unsent: 1, waiting: { messages: 0, bytes: 0 } });
  });

  it('of many goes in order, and names the first that failed when all have settled', async () => {
    const { bus } = stage();
    const short = schemaOf<string>((value) => (value.length > 2 ? { message: 'it is too long' } : undefined));
    const words = defineTopic('words', { class: 'stream', schema: short });
    await expect(bus.publishMany(words, ['a', 'b', 'far too long', 'c'])).rejects.toMatchObject({
      field: 'data',
    });
    const { messages } = await bus.history(words);
    expect(messages.map(({ data }) => data)).toEqual(['a', 'b', 'c']);
    const published = await bus.publishMany(words, ['d', 'e']);
    expect(published.map(({ position }) => position?.offset)).toEqual([4, 5]);
  });

  it('of a queue goes to every group of workers, once for one key', async () => {
    const { bus } = stage();
    await bus.publish(mails, 'x', { idempotencyKey: 'k' });
    expect(await bus.publish(mails, 'x', { idempotencyKey: 'k' })).toMatchObject({ repeated: true });
    for (const group of ['send', 'count'])
      expect(await bus.queue(mails, group).counts()).toMatchObject({ ready: 1 });
  });

  it('can wait in its queue', async () => {
    const { bus, clock } = stage();
    await bus.publish(mails, 'x', { delay: '1m' });
    expect(await bus.queue(mails).counts()).toMatchObject({ ready: 0, delayed: 1 });
    await clock.advance(60_000);
    expect(await bus.queue(mails).counts()).toMatchObject({ ready: 1, delayed: 0 });
  });

  it('that is ephemeral and could not be sent says so and does not reject', async () => {
    const send = (): Promise<never> => Promise.reject(new StoreUnavailable('it is away'));
    const { bus } = stage({ send });
    expect(await bus.publish(typing, { who: 'ann' })).toMatchObject({ sent: false, reason: 'it is away' });
    expect(bus.stats()).toMatchObject({ published: 0, unsent: 1, failed: 0 });
  });

  it('carries the trace of its caller, and goes without when the tracer fails', async () => {
    let trace: () => string | undefined = () => '00-aa-bb-01';
    const { bus } = stage({}, { traceparent: () => trace() });
    await bus.publish(people, ann);
    await bus.publish(people, ann, { traceparent: '00-own-01' });
    trace = () => {
      throw new Error('no tracer');
    };
    await bus.publish(people, ann);
    const { messages } = await bus.history(people);
    expect(messages.map(({ traceparent }) => traceparent)).toEqual(['00-aa-bb-01', '00-own-01', undefined]);
  });

  it('is prepared for whoever appends it by other means', async () => {
    const { bus, broker } = stage();
    const record = bus.prepare(people, ann, { channel: 'c', idempotencyKey: 'k' });
    expect(record).toMatchObject({ channel: 'people:c', wide: false, once: { key: 'k', forMs: 300_000 } });
    await broker.streams.append([record]);
    const { messages } = await bus.history(people, { channel: 'c' });
    expect(messages[0]).toMatchObject({ id: record.id, data: ann, source: bus.source });
  });
});
