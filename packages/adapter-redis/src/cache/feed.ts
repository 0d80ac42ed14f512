import type { Notice } from '@parley/cache-core';
import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import { readMessage, unpackNotice } from './notice.ts';
import { disconnect, type Severable } from '../ending.ts';

/** Where the sequence of a channel stands. */
export interface Position {
  readonly epoch: string;
  readonly number: number;
  /** Of the master, for as long as it is the same one. */
  readonly history: string;
}

/** As much of a connection as a feed needs. */
export interface FeedClient extends Severable {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end' | 'moved', listener: () => void): unknown;
  on(event: 'message' | 'smessage', listener: (channel: string, text: string) => void): unknown;
  connect(): Promise<void>;
  subscribe(channel: string): Promise<unknown>;
  ssubscribe(channel: string): Promise<unknown>;
}

export interface FeedOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly channel: string;
  readonly sharded: boolean;
  readonly checkEveryMs: number;
  readonly detectionMs: number;
  readonly ask: () => Promise<Position>;
  /** Whether a message that came in its turn need not be read. */
  readonly isOwn: (body: string) => boolean;
  readonly onNotice: (notice: Notice) => void;
  readonly onLive: () => void;
}

/**
 * One subscription on one connection, from its beginning to the first doubt. It is live while it can vouch that nothing was missed: each
 * message has the number after the last one, and every check finds that the sequence stands where the last message left it. A check that
 * cannot be made is a doubt as well once `detectionMs` have passed since the last good one began.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #client: FeedClient;
  readonly #over = Promise.withResolvers<string>();
  readonly #timers = new Set<Timer>();
  #base: Position | undefined;
  #last = 0;
  /** What came before the sequence was first asked. */
  #early: { readonly epoch: string; readonly number: number } | undefined;
  /** A check that waits for messages which are still under way. */
  #awaited: { readonly number: number; readonly askedAt: number } | undefined;
  #watchdog: Timer | undefined;
  #vouchedUntil = -Infinity;

  constructor(client: FeedClient, options: FeedOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Resolves with the doubt that ended it. */
  async run(): Promise<string> {
    const client = this.#client;
    client.on('error', (error) => this.#doubt(error.message));
    client.on('end', () => this.#doubt('the connection was lost'));
    // The slot of the channel has moved to another node.
    client.on('moved', () => this.#doubt('the channel has moved'));
    client.on(this.#options.sharded ? 'smessage' : 'message', (_channel, text) => this.#receive(text));
    this.#begin().catch((error: unknown) =>
      this.#doubt(error instanceof Error ? error.message : String(error)),
    );
    const reason = await this.#over.promise;
    for (const timer of this.#timers) timer.cancel();
    this.#watchdog?.cancel();
    disconnect(client);
    return reason;
  }

  /** Until this moment (monotonic) it vouches for having missed nothing; `-Infinity` once there was a doubt. */
  get vouchedUntil(): number {
    return this.#vouchedUntil;
  }

  stop(): void {
    this.#doubt('stopped');
  }

  async #begin(): Promise<void> {
    const { clock, channel, sharded, ask, detectionMs } = this.#options;
    this.#after(detectionMs, () => {
      if (this.#base === undefined) this.#doubt('the subscription took too long');
    });
    await this.#client.connect();
    await (sharded ? this.#client.ssubscribe(channel) : this.#client.subscribe(channel));
    const askedAt = clock.monotonic();
    const position = await ask();
    if (this.#early !== undefined && this.#early.epoch !== position.epoch)
      return this.#doubt('the sequence was lost');
    this.#base = position;
    this.#last = Math.max(position.number, this.#early?.number ?? 0);
    this.#vouch(askedAt);
    this.#options.onLive();
    this.#scheduleCheck();
  }

  #receive(text: string): void {
    const message = readMessage(text);
    // Somebody else speaks on the channel; it is not counted, so nothing is missed.
    if (message === undefined) return;
    if (!this.#isNext(message.epoch, message.number)) return;
    if (!this.#options.isOwn(message.body)) {
      const notice = unpackNotice(message.body);
      if (notice === undefined) return this.#doubt('a message could not be read');
      this.#options.onNotice(notice);
    }
    if (this.#awaited !== undefined && this.#last >= this.#awaited.number) this.#vouch(this.#awaited.askedAt);
  }

  #isNext(epoch: string, number: number): boolean {
    const base = this.#base;
    if (base === undefined) {
      if (this.#early !== undefined && (this.#early.epoch !== epoch || this.#early.number + 1 !== number)) {
        this.#doubt('a message was missed');
        return false;
      }
      this.#early = { epoch, number };
      return true;
    }
    if (epoch === base.epoch) {
      // Told before the first look at the sequence, and slower than that look.
      if (number <= base.number) return true;
      if (number === this.#last + 1) {
        this.#last = number;
        return true;
      }
    }
    this.#doubt(epoch === base.epoch ? 'a message was missed' : 'the sequence was lost');
    return false;
  }

  #scheduleCheck(): void {
    const { checkEveryMs, random } = this.#options;
    this.#after(checkEveryMs * (0.8 + random() * 0.4), () => void this.#check());
  }

  async #check(): Promise<void> {
    const askedAt = this.#options.clock.monotonic();
    try {
      this.#compare(await this.#options.ask(), askedAt);
    } catch {
      // Whether that matters is the watchdog's to say.
    }
    this.#scheduleCheck();
  }

  #compare({ epoch, number, history }: Position, askedAt: number): void {
    const base = this.#base;
    if (base === undefined) return;
    if (epoch !== base.epoch || number < base.number) this.#doubt('the sequence was lost');
    else if (history !== base.history) this.#doubt('another server is the master');
    else if (number <= this.#last) this.#vouch(askedAt);
    else this.#await(number, askedAt);
  }

  /** Replies and messages come on different connections: what was told before the reply may arrive after it. */
  #await(number: number, askedAt: number): void {
    this.#awaited = { number, askedAt };
    this.#after(this.#options.checkEveryMs / 2, () => {
      if (this.#last < number) this.#doubt('a message was missed');
    });
  }

  #vouch(askedAt: number): void {
    const { clock, detectionMs } = this.#options;
    this.#awaited = undefined;
    this.#vouchedUntil = askedAt + detectionMs;
    this.#watchdog?.cancel();
    this.#watchdog = clock.timer(
      this.#vouchedUntil - clock.monotonic(),
      () => this.#doubt('the sequence could not be checked'),
      {
        unref: true,
      },
    );
  }

  #after(ms: number, then: () => void): void {
    const timer = this.#options.clock.timer(
      ms,
      () => {
        this.#timers.delete(timer);
        then();
      },
      { unref: true },
    );
    this.#timers.add(timer);
  }

  #doubt(reason: string): void {
    this.#over.resolve(reason);
    this.#vouchedUntil = -Infinity;
  }
}
