import { InvalidArgument, safeCall } from '@parley/cache-core/kernel';
import { channelOf, nameOf, type BusCore } from './core.ts';
import type { Position } from './position.ts';
import { Receiver } from './receiver.ts';
import { bufferOf, choose, overflowOf, Standing } from './subscription.ts';
import type { SubscribeOptions, Subscription, SubscriptionState } from './subscription.ts';
import type { AnyTopic } from './topic.ts';

type Box = ReturnType<Receiver['openBox']>;

/** A subscription to channels of which nothing is kept. */
export class SignalSubscription implements Subscription {
  readonly topic: AnyTopic;
  readonly #receiver: Receiver;
  readonly #standing: Standing;
  readonly #ending = new AbortController();
  readonly #onEnd: (self: SignalSubscription) => void;
  readonly #leaves: (() => void)[] = [];
  #missing = 0;

  constructor(
    core: BusCore,
    topic: AnyTopic,
    handler: (message: never) => unknown,
    options: SubscribeOptions,
    onEnd: (self: SignalSubscription) => void,
  ) {
    const choice = choose(topic, options);
    if (options.from !== undefined) {
      throw new InvalidArgument('from', 'left out for a topic that keeps nothing', options.from);
    }
    this.topic = topic;
    this.#onEnd = onEnd;
    this.#standing = new Standing(core, (state) => safeCall('bus state handler', options.onState, state));
    this.#receiver = new Receiver(core, {
      topic,
      // What it is given was held to the schema of its topic.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      handler: handler as (message: unknown) => unknown,
      skipOwn: options.skipOwn ?? false,
      capacity: bufferOf(options),
      overflow: overflowOf(topic, options),
      onGap: undefined,
      onError: options.onError,
      onOverrun: () => void this.close(),
    });
    const hear = (box: Box) => (name: string, body: string) => {
      this.#receiver.signal(box, name, core.decoder.signal(topic, channelOf(name), body));
    };
    if (choice.kind === 'channels') {
      for (const channel of choice.channels) {
        this.#follow(
          core,
          'channel',
          nameOf(topic.name, channel),
          hear(this.#receiver.openBox(() => undefined)),
        );
      }
    } else {
      const boxes = new Map<string, Box>();
      this.#follow(core, 'topic', topic.name, (name, body) => {
        if (!choice.matches(channelOf(name))) return;
        hear(this.#boxOf(boxes, name))(name, body);
      });
    }
    options.signal?.addEventListener('abort', () => void this.close(), {
      once: true,
      signal: this.#ending.signal,
    });
    if (options.signal?.aborted === true) void this.close();
  }

  get state(): SubscriptionState {
    return this.#standing.state;
  }

  get buffered(): number {
    return this.#receiver.buffered;
  }

  ready(options?: Parameters<Subscription['ready']>[0]): Promise<void> {
    return this.#standing.ready(options);
  }

  position(): Position | undefined {
    return undefined;
  }

  verifiedAt(): number {
    return -Infinity;
  }

  async close(): Promise<void> {
    if (!this.#ending.signal.aborted) {
      this.#ending.abort();
      for (const leave of this.#leaves) leave();
      this.#receiver.close();
      this.#standing.turn('closed');
      this.#onEnd(this);
    }
    await this.#receiver.idle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #follow(
    core: BusCore,
    kind: 'channel' | 'topic',
    name: string,
    hear: (name: string, body: string) => void,
  ): void {
    let joined = false;
    this.#missing += 1;
    const turn = (now: boolean): void => {
      if (joined === now) return;
      joined = now;
      this.#missing += now ? -1 : 1;
      this.#standing.turn(this.#missing === 0 ? 'live' : 'joining');
    };
    const leave = core.hearing.follow(kind, name, {
      joined: () => turn(true),
      lost: (reason) => {
        core.tell({ type: 'lost', channel: name, reason });
        turn(false);
      },
      signal: hear,
    });
    this.#leaves.push(leave);
  }

  /** One for each channel that is heard of; those with nothing to do go when there are many. */
  #boxOf(boxes: Map<string, Box>, name: string): Box {
    let box = boxes.get(name);
    if (box !== undefined) return box;
    if (boxes.size >= 1_000) {
      for (const [other, idle] of boxes) {
        if (idle.busy) continue;
        boxes.delete(other);
        this.#receiver.closeBox(idle);
      }
    }
    box = this.#receiver.openBox(() => undefined);
    boxes.set(name, box);
    return box;
  }
}
