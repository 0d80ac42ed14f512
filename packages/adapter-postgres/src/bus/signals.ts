import { StoreUnavailable } from '@parley/cache-core/kernel';
import { textArray } from '../arrays.ts';
import type { Statement } from '../database.ts';
import { text } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import type { ParcelItem, SignalItem } from './notice-codec.ts';

type Item = SignalItem | ParcelItem;

export interface SignalsOptions {
  readonly isFollowed: (channel: string, wide: boolean) => boolean;
  /** The body of a parcel that this process has sent, as long as it is remembered: it need not be fetched. */
  readonly sent: (parcel: string) => string | undefined;
  readonly deliver: (channel: string, wide: boolean, body: string) => void;
  /** A signal was sent and cannot be delivered. */
  readonly onMissed: (error: unknown) => void;
}

/** Delivers signals in the order in which they come. Where one has to be fetched first, all that come after it wait. */
export class Signals {
  readonly #tables: BusTables;
  readonly #options: SignalsOptions;
  readonly #fetch: Statement;
  readonly #waiting: Item[] = [];
  #fetching = false;
  /** What was fetched for an earlier time has lost its meaning. */
  #turn = 0;

  constructor(tables: BusTables, options: SignalsOptions) {
    this.#tables = tables;
    this.#options = options;
    this.#fetch = tables.statement('bus_parcels');
  }

  hear(items: readonly Item[]): void {
    const heard = items.filter(([, channel, wide]) => this.#options.isFollowed(channel, wide === 1));
    this.#waiting.push(...heard.map((item) => this.#known(item)));
    this.#goOn();
  }

  #known(item: Item): Item {
    const [kind, channel, wide, parcel] = item;
    const body = kind === 'p' ? this.#options.sent(parcel) : undefined;
    return body === undefined ? item : ['e', channel, wide, body];
  }

  clear(): void {
    this.#turn += 1;
    this.#fetching = false;
    this.#waiting.length = 0;
  }

  #goOn(): void {
    if (this.#fetching) return;
    const next = this.#waiting.findIndex(([kind]) => kind === 'p');
    const ready = this.#waiting.splice(0, next === -1 ? this.#waiting.length : next);
    for (const [, channel, wide, body] of ready) this.#options.deliver(channel, wide === 1, body);
    if (this.#waiting.length > 0) void this.#unpack();
  }

  async #unpack(): Promise<void> {
    this.#fetching = true;
    const turn = this.#turn;
    const wanted = this.#waiting.filter(([kind]) => kind === 'p').slice(0, 16);
    try {
      const ids = wanted.map(([, , , parcel]) => parcel);
      const rows = await this.#tables.query(this.#fetch, [textArray(ids)]);
      if (turn !== this.#turn) return;
      const bodies = new Map(rows.map((row) => [text(row, 0), text(row, 1)]));
      for (const item of wanted) {
        const body = bodies.get(item[3]);
        if (body === undefined)
          throw new StoreUnavailable('Postgres: a signal was removed before it was fetched');
        this.#waiting[this.#waiting.indexOf(item)] = ['e', item[1], item[2], body];
      }
      this.#fetching = false;
      this.#goOn();
    } catch (error) {
      if (turn === this.#turn) this.#options.onMissed(error);
    }
  }
}
