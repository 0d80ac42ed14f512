import {
  InvalidArgument,
  parseDuration,
  requireInteger,
  safeCall,
  systemClock,
} from '@parley/cache-core/kernel';
import type { Clock, Clocked, Duration, Random } from '@parley/cache-core/kernel';
import type { Broker } from './broker.ts';

export interface BusOptions extends Clocked {
  readonly broker: Broker;
  /**
   * The largest message in bytes, with its envelope.
   * @default 1.5 MiB, or what the broker takes at most
   */
  readonly maxMessageBytes?: number | undefined;
  /** What may wait in this process while the broker is away; more is refused. @default 10,000 messages and 64 MiB */
  readonly outbox?:
    | { readonly messages?: number | undefined; readonly bytes?: number | undefined }
    | undefined;
  /** How long a publication waits for the broker, if the call says nothing else. @default '5s' */
  readonly publishWithin?: Duration | undefined;
  /** How long one call to the broker may take before it is tried again. @default '2s' */
  readonly brokerDeadline?: Duration | undefined;
  /** The W3C trace context of the caller, such as from OpenTelemetry. @default none */
  readonly traceparent?: (() => string | undefined) | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

export interface BusSettings {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxMessageBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly publishMs: number;
  readonly brokerMs: number;
  readonly traceparent: () => string | undefined;
}

const defaultMaxMessage = 1.5 * 1024 * 1024;

export function settingsOf(options: BusOptions): BusSettings {
  const { broker, outbox = {} } = options;
  if (typeof broker?.open !== 'function')
    throw new InvalidArgument('broker', 'a broker, such as memoryBroker()', broker);
  const most = broker.capabilities.maxBodyBytes;
  return {
    broker,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    maxMessageBytes: requireInteger(
      'maxMessageBytes',
      options.maxMessageBytes ?? Math.min(defaultMaxMessage, most),
      256,
      most,
    ),
    maxWaiting: requireInteger('outbox.messages', outbox.messages ?? 10_000, 1),
    maxWaitingBytes: requireInteger('outbox.bytes', outbox.bytes ?? 64 * 1024 * 1024, 1024),
    publishMs: parseDuration(options.publishWithin ?? '5s', { field: 'publishWithin', min: 1 }),
    brokerMs: parseDuration(options.brokerDeadline ?? '2s', { field: 'brokerDeadline', min: 1 }),
    traceparent: () => traceOf(options.traceparent),
  };
}

/** A tracer that fails must not keep messages from being sent. */
function traceOf(ask: BusOptions['traceparent']): string | undefined {
  const answer: unknown = safeCall('bus traceparent', ask);
  return typeof answer === 'string' ? answer : undefined;
}
