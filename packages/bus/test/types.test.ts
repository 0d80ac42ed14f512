import {
  createBus,
  defineTopic,
  memoryBroker,
  type Answer,
  type DeadLetter,
  type History,
  type Job,
  type Message,
  type NewRecord,
  type Position,
  type Publication,
  type QueueView,
  type RequestMessage,
  type Responder,
  type Subscription,
  type Topic,
  type Worker,
} from '@parley/bus';
import { describe, expectTypeOf, it } from 'vitest';
import { schemaOf } from './support.ts';

interface Note {
  readonly text: string;
}

const schema = schemaOf<Note>(() => undefined);
const count = schemaOf<number>(() => undefined);
const stream = defineTopic('stream', { class: 'stream', schema, patterns: true, key: ({ text }) => text });
const signal = defineTopic('signal', { class: 'ephemeral', schema });
const queue = defineTopic('queue', { class: 'queue', schema, groups: ['one', 'two'] });
const request = defineTopic('request', { class: 'request', schema, reply: count });

describe('the type of a topic', () => {
  it('knows its data, its class and its answers', () => {
    expectTypeOf(stream).toEqualTypeOf<Topic<Note, 'stream'>>();
    expectTypeOf(signal).toEqualTypeOf<Topic<Note, 'ephemeral'>>();
    expectTypeOf(queue).toEqualTypeOf<Topic<Note, 'queue'>>();
    expectTypeOf(request).toEqualTypeOf<Topic<Note, 'request', number>>();
  });

  it('takes options of its class only', () => {
    const wrong = (): void => {
      // @ts-expect-error a queue keeps no log
      defineTopic('x', { class: 'queue', schema, retention: { count: 1 } });
      // @ts-expect-error only queues have groups
      defineTopic('x', { class: 'stream', schema, groups: ['a'] });
      // @ts-expect-error somebody must do the jobs
      defineTopic('x', { class: 'queue', schema, groups: [] });
      // @ts-expect-error requests are answered
      defineTopic('x', { class: 'request', schema });
      // @ts-expect-error a key is text
      defineTopic('x', { class: 'stream', schema, key: () => 7 });
    };
    expectTypeOf(wrong).toBeFunction();
  });
});

describe('the types of a bus', () => {
  const bus = createBus({ broker: memoryBroker() });

  it('take the data of the topic, and infer nothing from what is given', () => {
    const calls = () => [
      bus.publish(stream, { text: 'x' }),
      bus.publish(signal, { text: 'x' }),
      bus.publish(queue, { text: 'x' }),
      // @ts-expect-error its data are notes
      bus.publish(stream, { text: 7 }),
      // @ts-expect-error its data are notes
      bus.publishMany(stream, ['x']),
      // @ts-expect-error what is asked is not published
      bus.publish(request, { text: 'x' }),
    ];
    expectTypeOf(calls).returns.toEqualTypeOf<(Promise<Publication> | Promise<Publication[]>)[]>();
    expectTypeOf(() => bus.prepare(stream, { text: 'x' })).returns.toEqualTypeOf<NewRecord>();
    expectTypeOf(() => bus.position(stream)).returns.toEqualTypeOf<Promise<Position>>();
    expectTypeOf(() => bus.history(stream)).returns.toEqualTypeOf<Promise<History<Note>>>();
  });

  it('give handlers what the topic carries', () => {
    const calls = () => {
      const subscription = bus.subscribe(stream, (message) => {
        expectTypeOf(message).toEqualTypeOf<Message<Note>>();
      });
      expectTypeOf(subscription).toEqualTypeOf<Subscription>();
      // @ts-expect-error jobs are worked on
      bus.subscribe(queue, () => undefined);
      const worker = bus.work(queue, (job) => {
        expectTypeOf(job).toEqualTypeOf<Job<Note>>();
      });
      expectTypeOf(worker).toEqualTypeOf<Worker>();
      // @ts-expect-error streams are subscribed to
      bus.work(stream, () => undefined);
      expectTypeOf(bus.queue(queue)).toEqualTypeOf<QueueView<Note>>();
      expectTypeOf(bus.queue(queue).dead()).toEqualTypeOf<Promise<DeadLetter<Note>[]>>();
    };
    expectTypeOf(calls).toBeFunction();
  });

  it('of requests give back answers, and want them of who responds', () => {
    const calls = () => {
      const responder = bus.respond(request, (asked) => {
        expectTypeOf(asked).toEqualTypeOf<RequestMessage<Note>>();
        return 7;
      });
      expectTypeOf(responder).toEqualTypeOf<Responder>();
      // @ts-expect-error its answers are numbers
      bus.respond(request, () => 'x');
      // @ts-expect-error its answers are numbers
      bus.respond(request, async () => 'x');
      expectTypeOf(bus.request(request, { text: 'x' })).toEqualTypeOf<Promise<number>>();
      expectTypeOf(bus.requestMany(request, { text: 'x' })).toEqualTypeOf<Promise<Answer<number>[]>>();
      // @ts-expect-error streams do not answer
      void bus.request(stream, { text: 'x' });
    };
    expectTypeOf(calls).toBeFunction();
  });
});
