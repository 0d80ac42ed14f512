import {
  Closed,
  createInstanceId,
  safeCall,
  StoreUnavailable,
  type Clock,
  type Random,
} from '@parley/cache-core/kernel';
import type { LockEar, LockListener } from '@parley/cache-core/lock';
import { Subscriber } from '../bus/subscriber.ts';
import type { RedisInternals } from '../connection.ts';
import { loadScript } from '../script.ts';
import { slotOf } from '../slot.ts';
import { within } from '../within.ts';
import type { LockKeys } from './keys.ts';

export interface RedisLockEarOptions extends RedisInternals {
  readonly keys: LockKeys;
  readonly server: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly probeEveryMs: number;
  readonly listener: LockListener;
}

const probe = loadScript('bus/history', 'bus/probe');

/**
 * One connection for each server that turns are heard from, and on it a channel for each partition: whoever tells a turn learns whether
 * somebody hears. It is begun when somebody has to wait, and not mended: what was lost is joined anew by whoever still waits.
 */
export class RedisLockEar implements LockEar {
  readonly id: string;
  readonly #options: RedisLockEarOptions;
  readonly #joining = new Map<string, Promise<void>>();
  readonly #heard = new Set<string>();
  /** Those that were told to be lost while they were being subscribed to are in it no more. */
  readonly #subscribing = new Set<string>();
  readonly #subscribers = new Map<string, Promise<Subscriber>>();
  #closed = false;

  constructor(options: RedisLockEarOptions) {
    this.#options = options;
    this.id = createInstanceId({ clock: options.clock });
  }

  hears(key: string): boolean {
    return this.#heard.has(this.#options.keys.tagOf(key));
  }

  async join(key: string, call?: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    const tag = this.#options.keys.tagOf(key);
    if (this.#heard.has(tag)) return;
    // Shared with all others who wait for it, so that nobody's leaving ends it.
    const joining = this.#joining.get(tag) ?? this.#join(tag);
    this.#joining.set(tag, joining);
    await within([tag], call, async () => [await joining]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#heard.clear();
    const opening = [...this.#subscribers.values()];
    await Promise.allSettled(opening.map(async (subscriber) => (await subscriber).stop()));
  }

  async #join(tag: string): Promise<void> {
    const { changes, keys } = this.#options;
    const { link } = changes;
    try {
      if (!link.up) await link.admit('listen for turns');
      if (this.#closed) throw new Closed('The ear for turns');
      const { host, port } = link.holderOf(slotOf(`{${tag}}`)) ?? {};
      const subscriber = await this.#subscriberAt(`${host}:${port}`, tag);
      this.#subscribing.add(tag);
      await subscriber.subscribe([{ channel: this.#channelOf(tag), tag }]);
      if (!this.#subscribing.has(tag)) throw new StoreUnavailable('Its slot has moved to another server');
      this.#heard.add(tag);
    } catch (error) {
      // Perhaps it is not where it was looked for.
      void link.refresh();
      throw link.asStoreError(error, `listen for turns of ${keys.channel(tag)}`);
    } finally {
      this.#joining.delete(tag);
      this.#subscribing.delete(tag);
    }
  }

  #subscriberAt(server: string, tag: string): Promise<Subscriber> {
    const known = this.#subscribers.get(server);
    if (known !== undefined) return known;
    const opening = this.#open(tag, () => {
      if (this.#subscribers.get(server) === opening) this.#subscribers.delete(server);
    });
    this.#subscribers.set(server, opening);
    return opening;
  }

  async #open(tag: string, onEnd: () => void): Promise<Subscriber> {
    const { changes, openSubscriber, probeEveryMs } = this.#options;
    const publish = changes.clustered ? 'spublish' : 'publish';
    const subscriber = new Subscriber({
      ...this.#options,
      sharded: changes.clustered,
      detectionMs: probeEveryMs * 3,
      open: () => openSubscriber(slotOf(`{${tag}}`)),
      probeChannel: (tag) => `${this.#channelOf(tag)}:probe`,
      probe: (channel, token) => changes.run('probe a subscription', probe, [channel], [publish, token]),
      onMessage: (_channel, text) => this.#hear(text),
      onLost: (channels, reason) => this.#lose(channels, reason),
      onEnd,
    });
    try {
      await subscriber.start(tag);
    } catch (error) {
      onEnd();
      throw error;
    }
    if (this.#closed) await subscriber.stop();
    return subscriber;
  }

  #hear(text: string): void {
    const end = text.indexOf(' ');
    const { listener } = this.#options;
    if (end > 0 && !this.#closed)
      safeCall('lock turn', listener.turn, text.slice(end + 1), text.slice(0, end));
  }

  #lose(channels: readonly string[], reason: string): void {
    for (const tags of [this.#heard, this.#subscribing])
      for (const tag of tags) if (channels.includes(this.#channelOf(tag))) tags.delete(tag);
    if (!this.#closed) safeCall('lock ear', this.#options.listener.lost, reason);
  }

  #channelOf(tag: string): string {
    return `${this.#options.keys.channel(tag)}${this.id}`;
  }
}
