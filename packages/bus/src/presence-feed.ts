import { StoreUnavailable } from '@parley/cache-core/kernel';
import type { Schema } from '@parley/cache-core/kernel';
import type { Bus } from './bus.ts';
import { ownTopic } from './own-topic.ts';
import { defineTopic } from './topic.ts';

/** What presence tells others of a channel. The shape that `@parley/presence` asks for, as are the next two. */
export interface PresenceNotice {
  readonly channel: string;
  readonly body: string;
}

export interface PresenceNoticeListener {
  readonly notice: (body: string) => void;
  readonly hearing: (hears: boolean) => void;
}

export interface BusFeed {
  /** Rejects when one of them could not be sent; the others were sent all the same. */
  readonly send: (notices: readonly PresenceNotice[]) => Promise<void>;
  readonly follow: (channel: string, listener: PresenceNoticeListener) => { readonly close: () => void };
}

export interface BusFeedOptions {
  /** Who should hear of one another: presences of one topic. @default 'presence.notices' */
  readonly topic?: string | undefined;
}

const text: Schema<string> = {
  '~standard': {
    version: 1,
    vendor: 'parley',
    validate: (value) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'it is not a notice of presence' }] },
  },
};

/**
 * How presences tell each other over the bus what they have put into their store. Nothing of it is kept, and no notice takes the place of
 * another: each tells a different part of the log. Bus and store should be on the same servers, so that one is not away without the other.
 */
export function busFeed(bus: Bus, options: BusFeedOptions = {}): BusFeed {
  const name = options.topic ?? 'presence.notices';
  const topic = ownTopic(bus, name, () => defineTopic(name, { class: 'ephemeral', schema: text }));
  return {
    async send(notices) {
      // All in one turn: what goes to the broker together keeps its order.
      const outcomes = await Promise.allSettled(
        notices.map(({ channel, body }) => bus.publish(topic, body, { channel })),
      );
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') throw outcome.reason;
        if (!outcome.value.sent)
          throw new StoreUnavailable(`A notice of presence was not sent: ${outcome.value.reason ?? ''}`);
      }
    },

    follow(channel, listener) {
      let hears = false;
      let closed = false;
      const subscription = bus.subscribe(topic, ({ data }) => listener.notice(data), {
        channel,
        onState: (state) => {
          const now = state === 'live';
          // Its own end is told as a state too, and nothing may be told then.
          if (closed || now === hears) return;
          hears = now;
          listener.hearing(now);
        },
      });
      return {
        close: () => {
          closed = true;
          void subscription.close();
        },
      };
    },
  };
}
