import { safeCall } from '@parley/cache-core/kernel';
import type { BusCore } from './core.ts';
import type { Position } from './position.ts';
import { Receiver } from './receiver.ts';
import { bufferOf, overflowOf, Standing } from './subscription.ts';
import type { SubscribeOptions, Subscription, SubscriptionState } from './subscription.ts';
import type { AnyTopic } from './topic.ts';

export type Box = ReturnType<Receiver['openBox']>;

/** What subscriptions of every class have in common: where they stand, whom they tell, and their end. */
export abstract class ChannelSubscription implements Subscription {
  readonly topic: AnyTopic;
  protected readonly core: BusCore;
  protected readonly options: SubscribeOptions;
  protected readonly standing: Standing;
  protected readonly receiver: Receiver;
  readonly #ending = new AbortController();
  readonly #onEnd: (self: ChannelSubscription) => void;

  constructor(
    core: BusCore,
    topic: AnyTopic,
    handler: (message: never) => unknown,
    options: SubscribeOptions,
    onEnd: (self: ChannelSubscription) => void,
  ) {
    this.core = core;
    this.topic = topic;
    this.options = options;
    this.#onEnd = onEnd;
    this.standing = new Standing(core, (state) => safeCall('bus state handler', options.onState, state));
    this.receiver = new Receiver(core, {
      topic,
      // What it is given was held to the schema of its topic.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      handler: handler as (message: unknown) => unknown,
      skipOwn: options.skipOwn ?? false,
      capacity: bufferOf(options),
      overflow: overflowOf(topic, options),
      onGap: options.onGap,
      onError: options.onError,
      onOverrun: () => {
        core.stats.overruns += 1;
        void this.close();
      },
    });
  }

  get state(): SubscriptionState {
    return this.standing.state;
  }

  get buffered(): number {
    return this.receiver.buffered;
  }

  ready(options?: Parameters<Subscription['ready']>[0]): Promise<void> {
    return this.standing.ready(options);
  }

  abstract position(channel?: string): Position | undefined;

  abstract verifiedAt(): number;

  async close(): Promise<void> {
    if (!this.ending.aborted) {
      this.#ending.abort();
      this.receiver.close();
      this.standing.turn('closed');
      this.leave();
      this.#onEnd(this);
    }
    await this.receiver.idle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Aborted when it is closed. */
  protected get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** To be called when it follows what it was asked to. */
  protected heed(signal: AbortSignal | undefined): void {
    signal?.addEventListener('abort', () => void this.close(), { once: true, signal: this.ending });
    if (signal?.aborted === true) void this.close();
  }

  /** Follows nothing any more. */
  protected abstract leave(): void;
}
