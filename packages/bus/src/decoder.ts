import type { Clock } from '@parley/cache-core/kernel';
import type { StoredRecord } from './broker.ts';
import { open, Unreadable } from './envelope.ts';
import type { Message } from './message.ts';
import type { BusStats } from './stats.ts';
import type { AnyTopic } from './topic.ts';

/** A message, or why it is none. */
export type Decoded = Message<unknown> | Unreadable;

const most = 256;

/** Reads what comes from the broker, each record once for all who follow it in this process. */
export class Decoder {
  readonly #clock: Clock;
  readonly #stats: BusStats;
  /** Of what is being told at the moment. */
  readonly #known = new Map<StoredRecord, Decoded>();

  constructor(clock: Clock, stats: BusStats) {
    this.#clock = clock;
    this.#stats = stats;
  }

  record(topic: AnyTopic, channel: string, epoch: string, record: StoredRecord): Decoded {
    const known = this.#known.get(record);
    if (known !== undefined) return known;
    const { offset, at, id, body } = record;
    const message = this.#decode(topic, channel, id, body, { at, position: { epoch, offset } });
    const lag = Math.max(0, this.#clock.now() - at);
    this.#stats.lagMs = lag;
    if (lag > this.#stats.longestLagMs) this.#stats.longestLagMs = lag;
    if (this.#known.size >= most) this.#known.clear();
    this.#known.set(record, message);
    return message;
  }

  /** All who follow them have been told. */
  forget(): void {
    this.#known.clear();
  }

  signal(topic: AnyTopic, channel: string, body: string): Decoded {
    return this.#decode(topic, channel, undefined, body, { at: this.#clock.now(), position: undefined });
  }

  #decode(
    topic: AnyTopic,
    channel: string,
    id: string | undefined,
    body: string,
    place: Pick<Message<unknown>, 'at' | 'position'>,
  ): Decoded {
    try {
      return { topic: topic.name, channel, ...open(topic, id, body), ...place };
    } catch (error) {
      this.#stats.poison += 1;
      return error instanceof Unreadable ? error : new Unreadable(String(error));
    }
  }
}
