import type { Signal } from '@parley/bus';
import { abortable, createLru, StoreUnavailable } from '@parley/cache-core/kernel';
import { textArray } from '../arrays.ts';
import { codeOf } from '../errors.ts';
import type { Statement } from '../database.ts';
import type { BusTables } from './bus-tables.ts';
import { fits, itemText, packNotices } from './notice-codec.ts';

/** How much one statement carries, in characters. */
const maxSize = 4 * 1024 * 1024;
/** What was sent is heard a moment later. */
const remembered = { maxEntries: 64, maxBytes: 1024 * 1024, sizeOf: (body: string) => body.length };

interface Parcel {
  readonly id: string;
  readonly body: string;
}

interface Waiting {
  readonly items: readonly string[];
  readonly parcels: readonly Parcel[];
  readonly sent: PromiseWithResolvers<void>;
}

/**
 * Sends notices, one statement after the other: so those of one channel arrive in order, and what comes while one is on its way travels in
 * the next, since each takes a lock of the whole database when it commits. It has a transaction of its own for the same reason.
 */
export class NoticeSender {
  /** Names this sender to those who hear of it. */
  readonly name: string;
  readonly #tables: BusTables;
  readonly #send: Statement;
  readonly #sendParcels: Statement;
  #waiting: Waiting[] = [];
  #busy = false;
  #notices = 0;
  #parcels = 0;
  readonly #own = createLru<string, string>(remembered);

  constructor(tables: BusTables, name: string) {
    this.#tables = tables;
    this.name = name;
    this.#send = tables.statement('bus_send');
    this.#sendParcels = tables.statement('bus_send_parcels');
  }

  async signal(signals: readonly Signal[], signal?: AbortSignal): Promise<void> {
    const parcels: Parcel[] = [];
    const items = signals.map(({ channel, body, wide }) => {
      const item = itemText(['e', channel, wide ? 1 : 0, body]);
      if (fits(this.name, item)) return item;
      const id = `${this.name}-${(this.#parcels += 1)}`;
      parcels.push({ id, body });
      this.#own.set(id, body);
      return itemText(['p', channel, wide ? 1 : 0, id]);
    });
    await this.send(items, parcels, signal);
  }

  /** The body of a parcel from here, as long as it is remembered. */
  parcel(id: string): string | undefined {
    return this.#own.get(id);
  }

  send(items: readonly string[], parcels: readonly Parcel[] = [], signal?: AbortSignal): Promise<void> {
    const sent = Promise.withResolvers<void>();
    this.#waiting.push({ items, parcels, sent });
    if (!this.#busy) {
      this.#busy = true;
      queueMicrotask(() => void this.#flush());
    }
    return abortable(sent.promise, signal);
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#sendAll(batch);
        for (const { sent } of batch) sent.resolve();
      } catch (error) {
        for (const { sent } of batch) sent.reject(busyQueue(error));
      }
    }
    this.#busy = false;
  }

  #takeBatch(): Waiting[] {
    let size = 0;
    let end = 0;
    for (const { items, parcels } of this.#waiting) {
      for (const item of items) size += item.length;
      for (const { body } of parcels) size += body.length;
      if (end > 0 && size > maxSize) break;
      end += 1;
    }
    return this.#waiting.splice(0, end);
  }

  async #sendAll(batch: readonly Waiting[]): Promise<void> {
    const items = batch.flatMap((one) => one.items);
    const parcels = batch.flatMap((one) => one.parcels);
    const notices = packNotices(this.name, items, () => (this.#notices += 1));
    if (notices.length === 0) return;
    const params = [this.#tables.noticeChannel, textArray(notices)];
    if (parcels.length === 0) {
      await this.#tables.query(this.#send, params);
      return;
    }
    const [ids, bodies] = [parcels.map(({ id }) => id), parcels.map(({ body }) => body)];
    await this.#tables.query(this.#sendParcels, [...params, textArray(ids), textArray(bodies)]);
  }
}

/** The queue of notices is full while some session listens and does not read: that ends. */
function busyQueue(error: unknown): unknown {
  if (codeOf(error) !== '54000') return error;
  const message =
    'Postgres: the queue of notices is full, because a session that listens has a transaction open';
  return new StoreUnavailable(message, { cause: error, evidence: { store: 'postgres', code: '54000' } });
}
