import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hub } from '@parley/hub-client';
import { isHubError, type Message } from '@parley/hub-protocol';
import { until } from '@parley/services';
import type { Receivers } from './receivers.ts';

/** Sends one text; what has no answer is sent again under the same id until it is acknowledged. Rejects when it is refused for good. */
type Send = (channelId: string, content: string) => Promise<Message>;

export interface Sender {
  readonly name: string;
  readonly send: Send;
  /** How many may be under way at a time in all channels. One that waits for each answer keeps its order by itself. */
  readonly atOnce: number;
}

/** By the socket of a client, which keeps the order of each channel. */
export function overSocket(name: string, client: Hub): Sender {
  return { name, atOnce: 8, send: (channelId, content) => client.send(channelId, { content }).message };
}

/** By one request after another. */
export function overRest(name: string, client: Hub): Sender {
  return {
    name,
    atOnce: 1,
    send: async (channelId, content) => {
      const clientId = randomUUID();
      for (;;) {
        try {
          const sent = await client.call('sendMessage', {
            params: { channelId },
            body: { content, clientId },
          });
          return sent.message;
        } catch (error) {
          const closed = client.snapshot().connection.phase === 'closed';
          if (closed || !isHubError(error) || !error.retryable) throw error;
          await sleep(100);
        }
      }
    },
  };
}

/** A message that the hub has acknowledged. */
export interface Acknowledged {
  readonly sender: string;
  readonly channelId: string;
  readonly id: string;
  readonly content: string;
  readonly seq: number;
  /** By `performance.now()`. */
  readonly sentAt: number;
  readonly at: number;
}

export interface TrafficOptions {
  readonly senders: readonly Sender[];
  readonly channels: readonly string[];
  readonly receivers: Pick<Receivers, 'acknowledge'>;
  /** Between two messages of one sender, in milliseconds. @default 40 */
  readonly everyMs?: number;
  /** Stands behind each text. @default nothing */
  readonly padding?: string;
}

/** Several people write in several channels, each counting in each channel from 0, until it is over. */
export class Traffic {
  readonly acknowledged: Acknowledged[] = [];
  /** What was refused for good, which nothing of this traffic deserves. */
  readonly refused: string[] = [];
  readonly #options: TrafficOptions;
  readonly #writers: Promise<void>[];
  #over = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#writers = options.senders.map((sender, i) => this.#write(sender, i));
  }

  /** Resolves when so many more have been acknowledged. */
  async more(count: number, deadline = 60_000): Promise<void> {
    const before = this.acknowledged.length;
    await until(() => this.acknowledged.length >= before + count, {
      what: `${count} more messages are acknowledged (${this.refused.join('; ')})`,
      deadline,
    });
  }

  /** Nothing more is sent; resolves when what was sent is acknowledged. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#writers);
  }

  async #write(sender: Sender, nth: number): Promise<void> {
    const { channels, everyMs = 40, padding } = this.#options;
    const counts = new Map<string, number>();
    const open = new Set<Promise<void>>();
    for (let i = nth; !this.#over; i += 1) {
      const channelId = channels[i % channels.length] ?? '';
      const count = counts.get(channelId) ?? 0;
      counts.set(channelId, count + 1);
      const text = [sender.name, count, padding].filter((part) => part !== undefined).join(' ');
      const one = this.#one(sender, channelId, text).finally(() => open.delete(one));
      open.add(one);
      await sleep(everyMs);
      while (open.size >= sender.atOnce) await Promise.race(open);
    }
    await Promise.all(open);
  }

  async #one({ name, send }: Sender, channelId: string, content: string): Promise<void> {
    const { receivers } = this.#options;
    const sentAt = performance.now();
    try {
      const { id, seq } = await send(channelId, content);
      const at = performance.now();
      this.acknowledged.push({ sender: name, channelId, id, content, seq, sentAt, at });
      receivers.acknowledge(channelId, id, seq);
    } catch (error) {
      this.refused.push(`${content}: ${String(error)}`);
    }
  }
}
