import {
  abortable,
  InvalidArgument,
  isParleyError,
  parseDuration,
  requireKey,
  throwIfAborted,
} from '@parley/cache-core/kernel';
import type { Abortable, Duration } from '@parley/cache-core/kernel';
import type { Appended, NewRecord } from './broker.ts';
import { nameOf } from './core.ts';
import { open, requireData, seal } from './envelope.ts';
import type { AddedJob, NewJob } from './job-store.ts';
import type { BusSettings } from './options.ts';
import { Outbox } from './outbox.ts';
import type { Position } from './position.ts';
import { SignalOutbox } from './signal-outbox.ts';
import type { BusStats } from './stats.ts';
import { mainChannel, requireChannel } from './subscription.ts';
import type { AnyTopic } from './topic.ts';

export interface PublishOptions extends Abortable {
  /** @default 'main' */
  readonly channel?: string | undefined;
  /** Publications of one key in one channel count once, also when the caller repeats them; not of class `ephemeral`. */
  readonly idempotencyKey?: string | undefined;
  /** How long to wait for the broker. @default as the bus says */
  readonly within?: Duration | undefined;
  /** Not before this time has passed; only of class `queue`. */
  readonly delay?: Duration | undefined;
  /** The W3C trace context. @default as the bus says */
  readonly traceparent?: string | undefined;
}

export interface Publication {
  readonly id: string;
  /** False only of class `ephemeral`: it was not sent, for this reason. */
  readonly sent: boolean;
  readonly reason?: string | undefined;
  /** Where it stands; only of class `stream`. */
  readonly position?: Position | undefined;
  /** It had been published before, by its idempotency key or because a reply was lost. */
  readonly repeated: boolean;
}

/** Turns data into what brokers carry, and sends it. */
export class Publisher {
  readonly #settings: BusSettings;
  readonly #stats: BusStats;
  readonly #source: string;
  readonly #records: Outbox<NewRecord, Appended>;
  readonly #jobs: Outbox<NewJob, AddedJob>;
  readonly #signals: SignalOutbox;
  readonly #steady = new WeakSet<AnyTopic>();
  #numbers = 0;

  constructor(settings: BusSettings, stats: BusStats, source: string) {
    this.#settings = settings;
    this.#stats = stats;
    this.#source = source;
    const { broker, clock, random, maxWaiting, maxWaitingBytes, brokerMs } = settings;
    const bounds = {
      clock,
      random,
      maxBatch: broker.capabilities.maxBatch,
      maxInFlight: broker.capabilities.maxInFlight,
      maxMessages: maxWaiting,
      maxBytes: maxWaitingBytes,
      attemptMs: brokerMs,
      onResent: (count: number) => {
        stats.resent += count;
      },
    };
    this.#records = new Outbox({
      ...bounds,
      what: 'messages',
      send: (records, call) => broker.streams.append(records, call),
      again: (record, sinceMs) => ({ ...record, sinceMs }),
    });
    this.#jobs = new Outbox({
      ...bounds,
      what: 'jobs',
      send: (jobs, call) => broker.jobs.add(jobs, call),
      again: (job) => ({ ...job, again: true }),
    });
    this.#signals = new SignalOutbox({
      clock,
      maxBatch: bounds.maxBatch,
      maxWaiting,
      attemptMs: brokerMs,
      send: (signals, signal) => broker.send(signals, { signal }),
    });
  }

  get waiting(): { readonly messages: number; readonly bytes: number } {
    const [records, jobs, signals] = [this.#records.waiting, this.#jobs.waiting, this.#signals.waiting];
    return {
      messages: records.messages + jobs.messages + signals.messages,
      bytes: records.bytes + jobs.bytes + signals.bytes,
    };
  }

  /** The message as its stream will hold it, for whoever appends it by other means. */
  record(topic: AnyTopic, data: unknown, options: PublishOptions): NewRecord {
    const { body, id, channel } = this.#seal(topic, data, options);
    return {
      channel,
      id,
      body,
      keep: topic.retention,
      wide: topic.wide,
      once: options.idempotencyKey === undefined ? undefined : onceOf(topic, options.idempotencyKey),
    };
  }

  /** Throws what is wrong with the call, and rejects with what went wrong later. */
  publish(topic: AnyTopic, data: unknown, options: PublishOptions): Promise<Publication> {
    const { signal } = options;
    throwIfAborted(signal);
    const publication = this.#publish(topic, data, options);
    return signal === undefined ? publication : abortable(publication, signal);
  }

  #publish(topic: AnyTopic, data: unknown, options: PublishOptions): Promise<Publication> {
    const { within, delay } = options;
    if (delay !== undefined && topic.class !== 'queue') {
      throw new InvalidArgument('delay', `left out for a topic of class ${topic.class}`, delay);
    }
    const withinMs =
      within === undefined ? this.#settings.publishMs : parseDuration(within, { field: 'within', min: 1 });
    return this.#hand(topic, data, options, withinMs);
  }

  /** Sends a body as it is. */
  async send(channel: string, body: string): Promise<boolean> {
    this.#requireSize(channel, body);
    const { publishMs } = this.#settings;
    return (await this.#signals.push({ channel, body, wide: false }, undefined, publishMs)).sent;
  }

  /** Resolves when all that waits was sent or has failed. */
  async drained(): Promise<void> {
    await Promise.all([this.#records.drained(), this.#jobs.drained(), this.#signals.drained()]);
  }

  close(): void {
    this.#records.close();
    this.#jobs.close();
    this.#signals.close();
  }

  #hand(topic: AnyTopic, data: unknown, options: PublishOptions, withinMs: number): Promise<Publication> {
    if (topic.class === 'queue') return this.#addJobs(topic, data, options, withinMs);
    if (topic.class === 'stream') return this.#append(topic, data, options, withinMs);
    return this.#sendSignal(topic, data, options, withinMs);
  }

  #append(topic: AnyTopic, data: unknown, options: PublishOptions, withinMs: number): Promise<Publication> {
    const record = this.record(topic, data, options);
    const { id, channel, body } = record;
    return this.#records.push(channel, record, body.length, withinMs).then(({ position, repeated }) => {
      this.#count(repeated);
      return { id, sent: true, position, repeated };
    }, this.#failed);
  }

  async #addJobs(
    topic: AnyTopic,
    data: unknown,
    options: PublishOptions,
    withinMs: number,
  ): Promise<Publication> {
    const { idempotencyKey, delay } = options;
    const { body, id } = this.#seal(topic, data, options);
    const delayMs = delay === undefined ? 0 : parseDuration(delay, { field: 'delay' });
    const once = idempotencyKey === undefined ? undefined : onceOf(topic, idempotencyKey);
    const adding = Promise.all(
      topic.groups.map((group) => {
        const queue = nameOf(topic.name, group);
        const job = { queue, id, body, delayMs, ...(once !== undefined && { once }) };
        return this.#jobs.push(queue, job, body.length, withinMs);
      }),
    );
    const added = await adding.catch(this.#failed);
    const repeated = added.every((one) => one.repeated);
    this.#count(repeated);
    return { id: added[0]?.id ?? id, sent: true, repeated };
  }

  async #sendSignal(
    topic: AnyTopic,
    data: unknown,
    options: PublishOptions,
    withinMs: number,
  ): Promise<Publication> {
    if (options.idempotencyKey !== undefined) {
      throw new InvalidArgument(
        'idempotencyKey',
        'left out for a topic of class ephemeral',
        options.idempotencyKey,
      );
    }
    const { body, id, channel, key } = this.#seal(topic, data, options);
    const name = key === undefined ? undefined : `${channel}\n${key}`;
    const outcome = await this.#signals.push({ channel, body, wide: topic.wide }, name, withinMs);
    this.#stats[outcome.sent ? 'published' : 'unsent'] += 1;
    return { id, sent: outcome.sent, repeated: false, ...(!outcome.sent && { reason: outcome.reason }) };
  }

  readonly #failed = (error: unknown): never => {
    this.#stats.failed += 1;
    if (isParleyError(error, 'OVERLOADED')) this.#stats.refused += 1;
    if (isParleyError(error, 'DEADLINE_EXCEEDED')) this.#stats.expired += 1;
    throw error;
  };

  #count(repeated: boolean): void {
    this.#stats[repeated ? 'suppressed' : 'published'] += 1;
  }

  #seal(
    topic: AnyTopic,
    data: unknown,
    options: PublishOptions,
  ): {
    readonly body: string;
    readonly id: string;
    readonly channel: string;
    readonly key: string | undefined;
  } {
    const channel = nameOf(
      topic.name,
      options.channel === undefined ? mainChannel : requireChannel(options.channel),
    );
    const held = requireData('data', topic.schema, data);
    const key: unknown = topic.keyOf?.(held);
    if (key !== undefined && typeof key !== 'string')
      throw new InvalidArgument('key', 'text, or undefined', key);
    const traceparent = options.traceparent ?? this.#settings.traceparent();
    const id = this.#nextId();
    const body = seal(
      topic,
      held,
      { id, source: this.#source, key, traceparent },
      topic.class === 'ephemeral',
    );
    this.#requireSize(topic.name, body);
    this.#requireSteady(topic, body);
    return { body, id, channel, key };
  }

  /** What a schema gives back travels, and is held to it again: one that does not accept its own output is found with the first message. */
  #requireSteady(topic: AnyTopic, body: string): void {
    if (this.#steady.has(topic)) return;
    try {
      open(topic, '', body);
    } catch (error) {
      throw new InvalidArgument(
        'schema',
        `one that accepts what it gives back (${String(error)})`,
        topic.name,
      );
    }
    this.#steady.add(topic);
  }

  #nextId(): string {
    this.#numbers += 1;
    return `${this.#source}-${this.#numbers.toString(36)}`;
  }

  #requireSize(topic: string, body: string): void {
    const { maxMessageBytes } = this.#settings;
    // No unit has more than three bytes.
    if (body.length * 3 <= maxMessageBytes) return;
    const bytes = Buffer.byteLength(body);
    if (bytes <= maxMessageBytes) return;
    throw new InvalidArgument(
      'data',
      `no larger than ${maxMessageBytes} bytes with its envelope (it is a message of ${topic} with ${bytes} bytes)`,
      bytes,
    );
  }
}

function onceOf(topic: AnyTopic, key: string): NonNullable<NewRecord['once']> {
  return { key: requireKey(key, { field: 'idempotencyKey', maxBytes: 256 }), forMs: topic.onceForMs };
}
