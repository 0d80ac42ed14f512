import type { Clock, Random } from '@parley/cache-core/kernel';
import type { Broker, ReadRequest, StreamPage } from './broker.ts';
import type { Checker } from './checker.ts';
import type { Decoder } from './decoder.ts';
import type { BusEvent } from './events.ts';
import type { Hearing } from './hearing.ts';
import type { BusStats } from './stats.ts';

/** What all parts of one bus share. */
export interface BusCore {
  readonly broker: Broker;
  /** Names this process, and this bus in it. */
  readonly source: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly stats: BusStats;
  readonly decoder: Decoder;
  readonly hearing: Hearing;
  readonly checker: Checker;
  /** How long, in ms, one call to the broker may take. */
  readonly callMs: number;
  /** Aborted when the bus is closed. */
  readonly closing: AbortSignal;
  readonly read: (request: ReadRequest) => Promise<StreamPage>;
  readonly tell: (event: BusEvent) => void;
}

/** How the broker knows a channel of a topic. */
export const nameOf = (topic: string, channel: string): string => `${topic}:${channel}`;

export const channelOf = (name: string): string => name.slice(name.indexOf(':') + 1);
