import type { Timer } from '@parley/cache-core/kernel';
import { isParleyError } from '@parley/cache-core/kernel';
import { backgroundFailures } from '../background.ts';
import type { Clock } from '@parley/cache-core/kernel';
import type { News } from './news.ts';
import { fits, itemText } from './notice-codec.ts';
import type { NoticeSender } from './notice-sender.ts';

/** Within this time, in ms, one notice tells of everything. */
const windowMs = 5;

interface Coming {
  readonly epoch: string;
  readonly offset: number;
  readonly wide: boolean;
  /** As long as they are few. */
  readonly records: News['records'];
}

/**
 * Tells other processes that logs have come further and queues have work: the first time after silence at once, then not more often than
 * the window allows. Small records go along where everything fits into one notice. Nobody waits for it, and what is lost is found by
 * those who look.
 */
export class Wakeups {
  readonly #sender: NoticeSender;
  readonly #clock: Clock;
  readonly #logs = new Map<string, Coming>();
  readonly #queues = new Set<string>();
  #timer: Timer | undefined;
  #lastAt = -Infinity;
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(sender: NoticeSender, clock: Clock) {
    this.#sender = sender;
    this.#clock = clock;
  }

  logs(news: readonly News[]): void {
    for (const { channel, position, wide, records } of news) {
      const before = this.#logs.get(channel);
      const same = before?.epoch === position.epoch;
      this.#logs.set(channel, {
        epoch: position.epoch,
        offset: same ? Math.max(before.offset, position.offset) : position.offset,
        wide: wide || before?.wide === true,
        records: before === undefined ? small(records) : same ? joined(before.records, records) : [],
      });
    }
    this.#wake();
  }

  queues(names: Iterable<string>): void {
    for (const name of names) this.#queues.add(name);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#flush();
    this.#closed = true;
    this.#timer?.cancel();
    await this.#sending;
  }

  #wake(): void {
    if (this.#closed || this.#timer !== undefined || this.#sending !== undefined) return;
    const wait = this.#lastAt + windowMs - this.#clock.monotonic();
    if (wait <= 0) this.#flush();
    else this.#timer = this.#clock.timer(wait, () => this.#flush(), { unref: true });
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#closed || this.#sending !== undefined || this.#logs.size + this.#queues.size === 0) return;
    const items = this.#items();
    this.#logs.clear();
    this.#queues.clear();
    this.#lastAt = this.#clock.monotonic();
    this.#sending = this.#sender
      .send(items)
      .catch((error: unknown) => {
        if (!isParleyError(error, 'CLOSED')) backgroundFailures.emit({ work: 'notify', error });
      })
      .finally(() => {
        this.#sending = undefined;
        if (this.#logs.size + this.#queues.size > 0) this.#wake();
      });
  }

  #items(): string[] {
    const queues = [...this.#queues].map((queue) => itemText(['q', queue]));
    const whole = this.#withRecords();
    if (whole !== undefined && fits(this.#sender.name, [...whole, ...queues].join(',')))
      return [...whole, ...queues];
    const places = [...this.#logs].map(([channel, { epoch, offset, wide }]) =>
      itemText(['s', channel, epoch, offset, wide ? 1 : 0]),
    );
    return [...places, ...queues];
  }

  /** Undefined where they are certainly too many. */
  #withRecords(): string[] | undefined {
    if (this.#logs.size > 64) return undefined;
    const all = [...this.#logs.values()].flatMap(({ records }) => records);
    if (small(all).length < all.length) return undefined;
    return [...this.#logs].map(([channel, { epoch, offset, wide, records }]) => {
      const place = ['s', channel, epoch, offset, wide ? 1 : 0] as const;
      if (records.length === 0) return itemText(place);
      return itemText([...place, records.map(({ offset, at, id, body }) => [offset, at, id, body] as const)]);
    });
  }
}

/** None where they would not fit into a notice anyway: nobody should keep them until it is sent. */
function small(records: News['records']): News['records'] {
  let size = 0;
  for (const { body } of records) size += body.length;
  return size > 8_000 || records.length > 128 ? [] : records;
}

/** None where some are missing: whoever hears of it reads them all. */
function joined(before: News['records'], after: News['records']): News['records'] {
  return before.length > 0 && after.length > 0 ? small(before.concat(after)) : [];
}
