import { InvalidArgument, parseDuration, requireInteger } from '@parley/cache-core/kernel';
import type { Duration, Schema } from '@parley/cache-core/kernel';
import type { Retention } from './broker.ts';

/**
 * What becomes of a message:
 * - `ephemeral`: whoever listens now hears it, at most once;
 * - `stream`: kept in the order of its channel, and read from any position;
 * - `queue`: done by one worker, at least once;
 * - `request`: answered.
 */
export type DeliveryClass = 'ephemeral' | 'stream' | 'queue' | 'request';

export interface Topic<Data, Class extends DeliveryClass = DeliveryClass, Reply = unknown> {
  readonly name: string;
  readonly class: Class;
  readonly schema: Schema<Data>;
  readonly version: number;
  readonly wide: boolean;
  readonly keyOf: ((data: unknown) => string | undefined) | undefined;
  readonly upgrade: ((data: unknown, version: number) => unknown) | undefined;
  readonly retention: Retention;
  readonly onceForMs: number;
  readonly checkEveryMs: number;
  readonly groups: readonly string[];
  /** What answers must look like; only of class `request`. */
  readonly reply: Schema<Reply> | undefined;
}

export type AnyTopic = Topic<unknown>;

export interface TopicOptions<Data, Class extends DeliveryClass> {
  readonly class: Class;
  /** Any Standard Schema: zod, valibot, arktype. Held at both ends. It must answer at once, not in a promise. */
  readonly schema: Schema<Data>;
  /** Counts up when the form of the data changes in a way that older programs must know of. @default 1 */
  readonly version?: number | undefined;
  /** Turns data of an older version into that of this one, before it is held to the schema. */
  readonly upgrade?: ((data: unknown, version: number) => unknown) | undefined;
}

export interface WideOptions {
  /** Whether subscriptions may name channels by pattern, or take all of them. It costs a second notice for each message. @default false */
  readonly patterns?: boolean | undefined;
}

export interface KeyedOptions<Data> {
  /** Of messages with one key that wait, only the latest counts. @default none */
  readonly key?: ((data: Data) => string | undefined) | undefined;
}

export interface StreamOptions<Data> extends WideOptions, KeyedOptions<Data> {
  /** How much of each channel is kept: at least these many messages, unless they are older. @default 10,000 messages, 7 days */
  readonly retention?:
    | { readonly count?: number | undefined; readonly age?: Duration | undefined }
    | undefined;
  /** How long an idempotency key is remembered. @default '5m' */
  readonly dedupe?: Duration | undefined;
  /** How often a subscription compares its position with the log. @default '30s' */
  readonly checkEvery?: Duration | undefined;
}

export interface QueueOptions {
  /** Each group of workers gets every job once. @default ['workers'] */
  readonly groups?: readonly [string, ...string[]] | undefined;
  /** How long an idempotency key is remembered. @default '5m' */
  readonly dedupe?: Duration | undefined;
}

export interface RequestOptions<Reply> {
  /** What answers must look like. */
  readonly reply: Schema<Reply>;
}

const daysMs = 86_400_000;

/** Names a kind of message and says what it looks like and what becomes of it. Defined once, and given to every call. */
export function defineTopic<Data>(
  name: string,
  options: TopicOptions<Data, 'ephemeral'> & WideOptions & KeyedOptions<Data>,
): Topic<Data, 'ephemeral'>;
export function defineTopic<Data>(
  name: string,
  options: TopicOptions<Data, 'stream'> & StreamOptions<Data>,
): Topic<Data, 'stream'>;
export function defineTopic<Data>(
  name: string,
  options: TopicOptions<Data, 'queue'> & QueueOptions,
): Topic<Data, 'queue'>;
export function defineTopic<Data, Reply>(
  name: string,
  options: TopicOptions<Data, 'request'> & RequestOptions<Reply>,
): Topic<Data, 'request', Reply>;
export function defineTopic<Data, Reply>(
  name: string,
  options: TopicOptions<Data, DeliveryClass> &
    Partial<RequestOptions<Reply>> &
    StreamOptions<Data> &
    QueueOptions,
): Topic<Data, DeliveryClass, Reply> {
  requireName('name', name);
  const { retention = {}, groups = ['workers'] } = options;
  groups.forEach((group) => requireName('groups', group));
  if (groups.length < 1 || new Set(groups).size !== groups.length)
    throw new InvalidArgument('groups', 'one or several, without repetition', groups);
  return {
    name,
    class: requireClass(options.class),
    schema: requireSchema('schema', options.schema),
    version: requireInteger('version', options.version ?? 1, 1),
    wide: options.patterns ?? false,
    // It is only ever called with data that the schema has given back.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    keyOf: options.key as AnyTopic['keyOf'],
    upgrade: options.upgrade,
    retention: {
      count: requireInteger('retention.count', retention.count ?? 10_000, 1, 10_000_000),
      forMs: parseDuration(retention.age ?? (7 * daysMs) / 1000, { field: 'retention.age', min: 1_000 }),
    },
    onceForMs: parseDuration(options.dedupe ?? '5m', { field: 'dedupe', min: 1_000 }),
    checkEveryMs: parseDuration(options.checkEvery ?? '30s', { field: 'checkEvery', min: 50 }),
    groups,
    reply: options.class === 'request' ? requireSchema('reply', options.reply) : undefined,
  };
}

function requireName(field: string, name: unknown): void {
  if (typeof name === 'string' && /^[\w.-]{1,128}$/.test(name)) return;
  throw new InvalidArgument(field, '1 to 128 letters, digits, "_", "-" or "."', name);
}

function requireClass<Class extends DeliveryClass>(value: Class): Class {
  if (['ephemeral', 'stream', 'queue', 'request'].includes(value)) return value;
  throw new InvalidArgument('class', 'ephemeral, stream, queue or request', value);
}

function requireSchema<T>(field: string, schema: Schema<T> | undefined): Schema<T> {
  if (typeof schema?.['~standard']?.validate === 'function') return schema;
  throw new InvalidArgument(field, 'a Standard Schema, such as one of zod', schema);
}
