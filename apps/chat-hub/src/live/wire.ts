import type { Bus, Message, Publication, Subscription, Topic } from '@parley/bus';
import type { Clock } from '@parley/cache-core/kernel';
import {
  channelTopic,
  globalTopic,
  userTopic,
  type ChannelNews,
  type GlobalNews,
  type UserNews,
} from './topics.ts';

export interface WireOptions {
  /** Undefined where there can be no other node: then nothing is told, and nobody is heard. */
  readonly bus: Pick<Bus, 'publish' | 'subscribe'> | undefined;
  readonly clock: Clock;
}

/** What is heard of one bus channel, until it is closed. */
export interface Ear {
  readonly live: boolean;
  /** Resolves when it is live, or when it has taken too long. */
  readonly ready: (withinMs: number) => Promise<void>;
  readonly close: () => void;
}

const deaf: Ear = { live: true, ready: () => Promise.resolve(), close: () => {} };

/** After something could not be sent, others may have lost something too. */
const doubtMs = 10_000;

/** News between nodes: a means to hear of things sooner than by asking the database, and nothing that anything rests on. */
export class Wire {
  readonly #bus: WireOptions['bus'];
  readonly #clock: Clock;
  readonly #ears = new Set<Subscription>();
  #joining = 0;
  #doubtUntil = -Infinity;
  #unsent = 0;
  #onLive: () => void = () => {};

  constructor({ bus, clock }: WireOptions) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Whether everything is heard, as far as anybody can tell. */
  get steady(): boolean {
    return this.#joining === 0 && this.#clock.monotonic() >= this.#doubtUntil;
  }

  /** Whether there can be no other node. */
  get alone(): boolean {
    return this.#bus === undefined;
  }

  get unsent(): number {
    return this.#unsent;
  }

  /** Called when an ear is live that nobody waits for any more, or that was lost: something may have gone past it. */
  onLive(call: () => void): void {
    this.#onLive = call;
  }

  tellChannel(channelId: string, news: ChannelNews): void {
    this.#tell(channelTopic, channelId, news);
  }

  tellUser(userId: string, news: UserNews): void {
    this.#tell(userTopic, userId, news);
  }

  tellAll(news: GlobalNews): void {
    this.#tell(globalTopic, undefined, news);
  }

  hearChannel(channelId: string, hear: (news: ChannelNews) => void): Ear {
    return this.#hear(channelTopic, channelId, hear);
  }

  hearUser(userId: string, hear: (news: UserNews) => void): Ear {
    return this.#hear(userTopic, userId, hear);
  }

  hearAll(hear: (news: GlobalNews) => void): Ear {
    return this.#hear(globalTopic, undefined, hear);
  }

  close(): void {
    for (const subscription of this.#ears) void subscription.close();
  }

  #tell<Data>(topic: Topic<Data, 'ephemeral'>, channel: string | undefined, data: NoInfer<Data>): void {
    if (this.#bus === undefined) return;
    this.#bus.publish(topic, data, { channel }).then(
      ({ sent }: Publication) => {
        if (!sent) this.#doubt();
      },
      () => this.#doubt(),
    );
  }

  #doubt(): void {
    this.#unsent += 1;
    this.#doubtUntil = this.#clock.monotonic() + doubtMs;
  }

  #hear<Data>(topic: Topic<Data, 'ephemeral'>, channel: string | undefined, hear: (data: Data) => void): Ear {
    if (this.#bus === undefined) return deaf;
    let joining = true;
    let late = false;
    this.#joining += 1;
    const turn = (now: boolean): void => {
      if (joining === now) return;
      joining = now;
      this.#joining += now ? 1 : -1;
    };
    const subscription = this.#bus.subscribe(topic, ({ data }: Message<Data>) => hear(data), {
      channel,
      skipOwn: true,
      onState: (state) => {
        turn(state === 'joining');
        if (state === 'live' && late) this.#onLive();
        late = state === 'live';
        if (state === 'closed') this.#ears.delete(subscription);
      },
    });
    this.#ears.add(subscription);
    return {
      get live() {
        return subscription.state === 'live';
      },
      ready: (withinMs) =>
        subscription.ready({ within: `${withinMs}ms` }).catch(() => {
          late = true;
        }),
      close: () => void subscription.close(),
    };
  }
}
