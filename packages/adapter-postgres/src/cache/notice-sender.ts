import { abortable } from '@parley/cache-core/kernel';
import type { Notice } from '@parley/cache-core';
import { textArray } from '../arrays.ts';
import type { Statement } from '../database.ts';
import type { Tables } from '../tables.ts';
import { encodeNotices } from './notice-codec.ts';

/** Payloads of one statement: half a megabyte. */
const maxPayloads = 64;

interface Waiting {
  readonly notice: Notice;
  readonly sent: PromiseWithResolvers<void>;
}

/**
 * Sends what comes in one turn of the event loop, or while another batch is on its way, as one statement: each takes a lock of the whole
 * database when it commits. It has a transaction of its own for the same reason.
 */
export class NoticeSender {
  readonly #tables: Tables;
  readonly #send: Statement;
  readonly #topic: string;
  readonly #channel: string;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(tables: Tables, topic: string, channel: string) {
    this.#tables = tables;
    this.#send = tables.statement('notice_send');
    this.#topic = topic;
    this.#channel = channel;
  }

  publish(notice: Notice, signal: AbortSignal | undefined): Promise<void> {
    const sent = Promise.withResolvers<void>();
    this.#waiting.push({ notice, sent });
    if (!this.#busy) {
      this.#busy = true;
      setImmediate(() => void this.#flush());
    }
    return abortable(sent.promise, signal);
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#sendAll(encodeNotices(batch.map(({ notice }) => notice)));
        for (const { sent } of batch) sent.resolve();
      } catch (error) {
        for (const { sent } of batch) sent.reject(error);
      }
    }
    this.#busy = false;
  }

  async #sendAll(payloads: readonly string[]): Promise<void> {
    for (let from = 0; from < payloads.length; from += maxPayloads) {
      const part = payloads.slice(from, from + maxPayloads);
      await this.#tables.query(this.#send, [this.#topic, this.#channel, textArray(part)]);
    }
  }
}
