import {
  Closed,
  createInstanceId,
  InvalidArgument,
  parseDuration,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Clock, Duration, Health } from '@parley/cache-core/kernel';
import type { NewRecord } from './broker.ts';
import type { BusCore } from './core.ts';
import {
  readHistory,
  readPosition,
  type History,
  type HistoryOptions,
  type PositionOptions,
} from './history.ts';
import { busHealth } from './health.ts';
import { Inbox } from './inbox.ts';
import type { Message } from './message.ts';
import { openCore } from './open-core.ts';
import { settingsOf, type BusOptions } from './options.ts';
import type { Position } from './position.ts';
import { Publisher, type Publication, type PublishOptions } from './publisher.ts';
import { queueView, type QueueView } from './queue.ts';
import { Requests, type Answer, type ManyRequestCall, type RequestCall } from './requests.ts';
import { TopicResponder, type RequestMessage, type RespondOptions, type Responder } from './responder.ts';
import { SignalSubscription } from './signal-subscription.ts';
import type { BusFigures } from './stats.ts';
import { StreamSubscription } from './stream-subscription.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';
import type { AnyTopic, DeliveryClass, Topic } from './topic.ts';
import { QueueWorker, type Job, type WorkOptions, type Worker } from './worker.ts';

interface Closable {
  readonly topic: AnyTopic;
  readonly buffered?: number;
  readonly close: (options: { readonly within: Duration }) => Promise<void>;
}

/** Messages between the parts of a program, in as many processes as it has. Made by `createBus`. */
export class Bus {
  /** Names this bus among all that share the broker. */
  readonly source: string = createInstanceId();
  readonly #core: BusCore;
  readonly #publisher: Publisher;
  readonly #requests: Requests;
  readonly #inbox: Inbox;
  readonly #parts = new Set<Closable>();
  readonly #topics = new Map<string, AnyTopic>();
  readonly #closing = new AbortController();
  readonly #onEnd = (part: Closable): void => void this.#parts.delete(part);
  #closed: Promise<void> | undefined;

  constructor(options: BusOptions) {
    const settings = settingsOf(options);
    this.#core = openCore(settings, this.source, this.#closing.signal);
    this.#publisher = new Publisher(settings, this.#core.stats, this.source);
    this.#inbox = new Inbox(this.#core);
    const send = (channel: string, body: string): Promise<boolean> => this.#publisher.send(channel, body);
    this.#requests = new Requests(this.#core, this.#inbox, send);
  }

  /**
   * Resolves when the broker has it, with its place. A lost reply is no reason to fail: it is asked for, and nothing is published twice.
   * Ephemeral messages that could not be sent resolve too, with `sent: false`.
   */
  publish<Data>(
    topic: Topic<Data, 'ephemeral' | 'stream' | 'queue'>,
    data: NoInfer<Data>,
    options: PublishOptions = {},
  ): Promise<Publication> {
    // Not an async function: each costs a promise of its own, and this is called more often than anything.
    try {
      this.#admit(topic, 'ephemeral', 'stream', 'queue');
      return this.#publisher.publish(topic, data, options);
    } catch (error) {
      this.#core.stats.failed += 1;
      return Promise.reject(error);
    }
  }

  /** In this order. Settles when all have; rejects with the first reason when one could not be published. */
  async publishMany<Data>(
    topic: Topic<Data, 'ephemeral' | 'stream' | 'queue'>,
    items: readonly NoInfer<Data>[],
    options: Omit<PublishOptions, 'idempotencyKey'> = {},
  ): Promise<Publication[]> {
    this.#admit(topic, 'ephemeral', 'stream', 'queue');
    const outcomes = await Promise.allSettled(items.map((data) => this.publish(topic, data, options)));
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  /** The message as its stream will hold it, for brokers that append within a transaction of the caller. */
  prepare<Data>(topic: Topic<Data, 'stream'>, data: NoInfer<Data>, options: PublishOptions = {}): NewRecord {
    this.#admit(topic, 'stream');
    return this.#publisher.record(topic, data, options);
  }

  /**
   * Hands messages to a handler, one after the other in each channel. It goes on by itself whatever happens to the broker, and says so when
   * messages are missing. Await `ready()` to know that whatever is published from then on arrives.
   */
  subscribe<Data>(
    topic: Topic<Data, 'ephemeral' | 'stream'>,
    handler: (message: Message<Data>) => unknown,
    options: SubscribeOptions = {},
  ): Subscription {
    this.#requireOpen();
    this.#admit(topic, 'ephemeral', 'stream');
    const Kind = topic.class === 'stream' ? StreamSubscription : SignalSubscription;
    const subscription = new Kind(this.#core, topic, handler, options, this.#onEnd);
    if (subscription.state !== 'closed') this.#parts.add(subscription);
    return subscription;
  }

  /** Messages of a channel as they are kept. */
  async history<Data>(topic: Topic<Data, 'stream'>, options: HistoryOptions = {}): Promise<History<Data>> {
    this.#admit(topic, 'stream');
    // They are held to the schema of this topic.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await readHistory(this.#core, topic, options)) as History<Data>;
  }

  /** Where a channel stands: behind its last message. */
  async position(topic: Topic<unknown, 'stream'>, options: PositionOptions = {}): Promise<Position> {
    this.#admit(topic, 'stream');
    return readPosition(this.#core, topic, options);
  }

  /** Does jobs of a queue, each at least once. A handler that throws has its job tried again later, and dead in the end. */
  work<Data>(
    topic: Topic<Data, 'queue'>,
    handler: (job: Job<Data>) => unknown,
    options: WorkOptions = {},
  ): Worker {
    this.#requireOpen();
    this.#admit(topic, 'queue');
    const group = groupOf(topic, options.group);
    const worker = new QueueWorker(this.#core, topic, handler, options, group, this.#onEnd);
    this.#parts.add(worker);
    return worker;
  }

  /** What an operator sees of a queue. */
  queue<Data>(topic: Topic<Data, 'queue'>, group?: string): QueueView<Data> {
    this.#admit(topic, 'queue');
    // What it shows is held to the schema of this topic.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return queueView(this.#core, topic, groupOf(topic, group)) as QueueView<Data>;
  }

  /** Asks one of those who respond. Carried out once, or not at all when it rejects with `NoResponder`. */
  async request<Data, Reply>(
    topic: Topic<Data, 'request', Reply>,
    data: NoInfer<Data>,
    call: RequestCall = {},
  ): Promise<Reply> {
    this.#admit(topic, 'request');
    // It was held to the schema of this topic's replies.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await this.#requests.one(topic, data, call)) as Reply;
  }

  /** Asks all who respond; answers with what came in time. */
  async requestMany<Data, Reply>(
    topic: Topic<Data, 'request', Reply>,
    data: NoInfer<Data>,
    call: ManyRequestCall = {},
  ): Promise<Answer<Reply>[]> {
    this.#admit(topic, 'request');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await this.#requests.many(topic, data, call)) as Answer<Reply>[];
  }

  /** Answers requests. What the handler throws reaches who asked, by its message. */
  respond<Data, Reply>(
    topic: Topic<Data, 'request', Reply>,
    handler: (request: RequestMessage<Data>) => NoInfer<Reply> | PromiseLike<NoInfer<Reply>>,
    options: RespondOptions = {},
  ): Responder {
    this.#requireOpen();
    this.#admit(topic, 'request');
    const responder = new TopicResponder(this.#core, topic, handler, options, {
      inbox: this.#inbox,
      send: (channel, body) => this.#publisher.send(channel, body),
      onEnd: this.#onEnd,
    });
    this.#parts.add(responder);
    return responder;
  }

  /** Where this bus takes its time from. */
  get clock(): Clock {
    return this.#core.clock;
  }

  stats(): BusFigures {
    const { stats, hearing, broker } = this.#core;
    let buffered = 0;
    for (const part of this.#parts) buffered += part.buffered ?? 0;
    return {
      ...stats,
      waiting: this.#publisher.waiting,
      buffered,
      isInitialized: this.#closed === undefined && hearing.missing === 0,
      activeEventTypes: new Set(Array.from(this.#parts, ({ topic }) => topic.name)).size,
      totalHandlers: this.#parts.size,
      serviceId: this.source,
      channelPrefix: broker.prefix ?? '',
      channels: hearing.channels,
      feed: hearing.figures,
    };
  }

  /** Answers within its own deadline, and never rejects. */
  async health(): Promise<Health> {
    return busHealth(this.#core, this.#closed !== undefined);
  }

  /**
   * Takes nothing more, lets handlers and jobs come to their end and sends what they and others have published, for at most `within`; then
   * ends everything. Handlers that are still at work may publish and ask until then. @default '10s'
   */
  close({ within = '10s' }: { readonly within?: Duration | undefined } = {}): Promise<void> {
    this.#closed ??= this.#close(parseDuration(within, { field: 'within' }));
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(limitMs: number): Promise<void> {
    const { clock, callMs, hearing } = this.#core;
    // Of this, workers have some to give back the jobs that did not end.
    const within = `${Math.round(limitMs - Math.min(callMs, limitMs / 2))}ms` as const;
    const ended = Promise.all([...this.#parts].map((part) => part.close({ within })));
    const drain = async (): Promise<void> => {
      await ended;
      await this.#publisher.drained();
    };
    await withDeadline(limitMs, drain, { clock }).catch(() => undefined);
    this.#closing.abort(new Closed('The bus'));
    this.#requests.close();
    this.#publisher.close();
    await hearing.close();
  }

  /** Nothing new begins while what was begun comes to its end. */
  #requireOpen(): void {
    if (this.#closed !== undefined) throw new Closed('The bus');
  }

  /** Refuses what was defined otherwise elsewhere in this program: two forms of one message would meet in one channel. */
  #admit(topic: AnyTopic, ...classes: readonly DeliveryClass[]): void {
    if (this.#closing.signal.aborted) throw new Closed('The bus');
    if (!classes.includes(topic.class)) {
      throw new InvalidArgument(
        'topic',
        `of class ${classes.join(' or ')}`,
        `${topic.name} (${topic.class})`,
      );
    }
    const known = this.#topics.get(topic.name);
    if (known === undefined) this.#topics.set(topic.name, topic);
    else if (known !== topic) {
      throw new InvalidArgument('topic', 'the one that this bus knows by this name', topic.name);
    }
  }
}

function groupOf({ groups }: AnyTopic, group: string | undefined): string {
  const [first = ''] = groups;
  if (group === undefined) return first;
  if (groups.includes(group)) return group;
  throw new InvalidArgument('group', `one of the topic's: ${groups.join(', ')}`, group);
}

/** A bus over a broker, which stays open when the bus is closed. */
export function createBus(options: BusOptions): Bus {
  return new Bus(options);
}
