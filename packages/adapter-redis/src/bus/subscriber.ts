import { StoreUnavailable, type Clock, type Random, type Timer } from '@parley/cache-core/kernel';
import type { Redis } from 'ioredis';
import { disconnect, endClient } from '../ending.ts';
import { readProbe } from './words.ts';

/** A channel of Redis, with the hash tag in it. */
export interface Place {
  readonly channel: string;
  readonly tag: string;
}

export interface SubscriberOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly sharded: boolean;
  /** The server, without secrets. */
  readonly server: string;
  readonly probeEveryMs: number;
  readonly detectionMs: number;
  readonly open: () => Promise<Redis>;
  /** Where its probes go, beside channels of this tag. */
  readonly probeChannel: (tag: string) => string;
  /** Asks the master that takes the writes to answer there. */
  readonly probe: (channel: string, token: string) => Promise<unknown>;
  readonly onMessage: (channel: string, text: string) => void;
  /** These are not heard any more. */
  readonly onLost: (channels: readonly string[], reason: string) => void;
  /** Told once. */
  readonly onEnd: (subscriber: Subscriber, reason: string) => void;
}

const perCommand = 256;
/** Why a subscription ends when nothing else tells that it does not hear. */
export const silence = 'its probes are not heard';

/**
 * One connection that hears, from its beginning to the first doubt. A connection alone proves nothing: a master that was demoted keeps it,
 * and says nothing more. So the master that takes the writes is asked again and again to speak on a channel of the subscriber's own, and to
 * say which history of writes it goes on with; who hears it, from the server that was subscribed to, has missed nothing.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #channels = new Map<string, { readonly tag: string; confirmed: boolean }>();
  readonly #probes = new Map<string, number>();
  #client: Redis | undefined;
  #history = '';
  #probing: string | undefined;
  #lastError: Error | undefined;
  #over = false;
  #number = 0;
  #moves = 0;
  #next: Timer | undefined;
  #watchdog: Timer | undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  /** Rejects when the server cannot be subscribed to. */
  async start(tag: string): Promise<void> {
    const { open, sharded, clock, onMessage } = this.#options;
    const askedAt = clock.monotonic();
    const client = await open();
    this.#client = client;
    client.on('error', (error) => {
      this.#lastError = error;
    });
    client.on('end', () => this.#end(this.#lastError?.message ?? 'the connection was lost'));
    client.on('moved', () => {
      this.#moves += 1;
      this.#dropMoved();
    });
    client.on(sharded ? 'smessage' : 'message', (channel, text) => {
      if (channel === this.#probing) this.#hearProbe(text);
      else onMessage(channel, text);
    });
    try {
      await client.connect();
      this.#history = await this.#historyOf(client);
      await this.#placeProbe(tag);
    } catch (error) {
      this.#end('it could not be subscribed to');
      throw this.#lastError ?? error;
    }
    if (this.#over) throw this.#lastError ?? new Error('the connection was lost');
    this.#vouch(askedAt);
    this.#probe();
  }

  /** What is said there after this has resolved will be heard, or told as lost. */
  async subscribe(places: readonly Place[]): Promise<void> {
    const client = this.#client;
    if (client === undefined || this.#over) throw this.#gone();
    const moves = this.#moves;
    for (const { channel, tag } of places) this.#channels.set(channel, { tag, confirmed: false });
    const commands = this.#inCommands(places);
    const outcomes = await Promise.allSettled(
      this.#corked(() =>
        commands.map((channels) =>
          this.#options.sharded ? client.ssubscribe(...channels) : client.subscribe(...channels),
        ),
      ),
    );
    if (this.#over) throw this.#gone();
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') throw outcome.reason;
      for (const channel of commands[i] ?? []) {
        const known = this.#channels.get(channel);
        if (known !== undefined) known.confirmed = true;
      }
    }
    // Perhaps one of these, while it was being confirmed.
    if (this.#moves !== moves) this.#dropMoved();
  }

  /** Resolves when the server knows it, or is away. */
  async unsubscribe(places: readonly Place[]): Promise<void> {
    const client = this.#client;
    for (const { channel } of places) this.#channels.delete(channel);
    if (client === undefined || this.#over) return;
    await Promise.allSettled(
      this.#corked(() =>
        this.#inCommands(places).map((channels) =>
          this.#options.sharded ? client.sunsubscribe(...channels) : client.unsubscribe(...channels),
        ),
      ),
    );
  }

  async stop(): Promise<void> {
    this.#quiet();
    if (this.#client !== undefined) await endClient(this.#client, this.#options.clock, 500);
  }

  /** A command may name channels of one slot only. */
  #inCommands(places: readonly Place[]): string[][] {
    const groups = Map.groupBy(places, ({ tag }) => (this.#options.sharded ? tag : ''));
    return [...groups.values()].flatMap((group) =>
      Array.from({ length: Math.ceil(group.length / perCommand) }, (_, i) =>
        group.slice(i * perCommand, (i + 1) * perCommand).map(({ channel }) => channel),
      ),
    );
  }

  #corked<T>(send: () => T): T {
    const stream = this.#client?.stream;
    stream?.cork();
    try {
      return send();
    } finally {
      stream?.uncork();
    }
  }

  /** A replica tells late what it is told, or never. */
  async #historyOf(client: Redis): Promise<string> {
    const info = await client.info('replication');
    if (!info.includes('role:master')) throw this.#gone('it is not a master');
    const [, history = ''] = /master_replid:([\da-f]{16})/.exec(info) ?? [];
    return history;
  }

  async #placeProbe(tag: string): Promise<void> {
    const { probeChannel, sharded } = this.#options;
    const channel = probeChannel(tag);
    this.#probing = channel;
    await (sharded ? this.#client?.ssubscribe(channel) : this.#client?.subscribe(channel));
  }

  #probe(): void {
    const { clock, random, probeEveryMs, probe } = this.#options;
    if (this.#over) return;
    this.#next = clock.timer(probeEveryMs * (0.8 + random() * 0.4), () => this.#probe(), { unref: true });
    if (this.#probing === undefined) return;
    this.#number += 1;
    const token = String(this.#number);
    this.#probes.set(token, clock.monotonic());
    // Whether it matters that nobody could be asked is the watchdog's to say.
    probe(this.#probing, token).catch(() => undefined);
  }

  #hearProbe(text: string): void {
    const heard = readProbe(text);
    const sentAt = heard && this.#probes.get(heard.token);
    if (heard === undefined || sentAt === undefined) return;
    if (heard.history !== this.#history) return this.#end('another server is the master');
    for (const token of this.#probes.keys())
      if (Number(token) <= Number(heard.token)) this.#probes.delete(token);
    this.#vouch(sentAt);
  }

  #vouch(at: number): void {
    const { clock, detectionMs } = this.#options;
    this.#watchdog?.cancel();
    const left = at + detectionMs - clock.monotonic();
    this.#watchdog = clock.timer(Math.max(1, left), () => this.#end(silence), {
      unref: true,
    });
  }

  /** The server does not say whose slot has moved; the driver knows what is left. */
  #dropMoved(): void {
    if (!this.#options.sharded || this.#over) return;
    const subscribed = this.#client?.condition?.subscriber;
    const left = new Set(subscribed ? subscribed.channels('ssubscribe') : []);
    const moved: string[] = [];
    for (const [channel, { confirmed }] of this.#channels) {
      if (!confirmed || left.has(channel)) continue;
      this.#channels.delete(channel);
      moved.push(channel);
    }
    if (moved.length > 0) this.#options.onLost(moved, 'its slot has moved to another server');
    if (this.#probing === undefined || left.has(this.#probing)) return;
    const [elsewhere] = this.#channels.values();
    this.#probing = undefined;
    if (elsewhere === undefined) this.#end('its slots have moved to another server');
    else this.#placeProbe(elsewhere.tag).catch(() => this.#end('it could not be probed any more'));
  }

  #end(reason: string): void {
    if (this.#over) return;
    const channels = [...this.#channels.keys()];
    this.#quiet();
    if (this.#client !== undefined) disconnect(this.#client);
    this.#options.onEnd(this, reason);
    if (channels.length > 0) this.#options.onLost(channels, reason);
  }

  #quiet(): void {
    this.#over = true;
    this.#next?.cancel();
    this.#watchdog?.cancel();
    this.#channels.clear();
    this.#probes.clear();
  }

  #gone(why = 'the subscription was lost'): StoreUnavailable {
    const { server } = this.#options;
    return new StoreUnavailable(`Redis at ${server} could not follow channels: ${why}`, {
      evidence: { server },
    });
  }
}
