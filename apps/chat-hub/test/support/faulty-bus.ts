import type { Message, SubscribeOptions, Topic } from '@parley/bus';
import { seededRandom } from '@parley/services';
import type { LiveBus } from './live-world.ts';

export interface FaultyBus {
  readonly wrap: (bus: LiveBus) => LiveBus;
  /** While it is away nothing arrives, although everybody believes that it does. */
  away: boolean;
  readonly faults: () => { readonly dropped: number; readonly repeated: number; readonly late: number };
}

/** Drops, repeats and reorders what nodes hear of each other, at random. */
export function faultyBus(seed: number): FaultyBus {
  const random = seededRandom(seed);
  const count = { dropped: 0, repeated: 0, late: 0 };
  const faulty = <Data>(handler: (message: Message<Data>) => unknown) => {
    return (message: Message<Data>): void => {
      const dice = random.next();
      if (self.away || dice < 0.25) {
        count.dropped += 1;
        return;
      }
      if (dice < 0.5) {
        count.repeated += 1;
        handler(message);
      }
      if (dice < 0.75) {
        count.late += 1;
        setTimeout(() => handler(message), random.next() * 120);
      } else handler(message);
    };
  };
  const self: FaultyBus = {
    away: false,
    faults: () => count,
    wrap: (bus) => ({
      publish: (topic, data, options) => bus.publish(topic, data, options),
      subscribe: <Data>(
        topic: Topic<Data, 'ephemeral' | 'stream'>,
        handler: (message: Message<Data>) => unknown,
        options?: SubscribeOptions,
      ) => bus.subscribe(topic, faulty(handler), options),
    }),
  };
  return self;
}
