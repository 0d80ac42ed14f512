import { createBus, defineTopic, type Broker, type Bus, type Schema } from '@parley/bus';
import type { TrafficBus } from '@parley/services';

const text: Schema<string> = {
  '~standard': {
    version: 1,
    vendor: 'parley',
    validate: (value) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'it is not text' }] },
  },
};

/** How long a publication is tried. */
export const publishWithinMs = 5_000;

/** A bus of its own, as a process has it, with positions compared more often than usual: the run is short. */
export function openTrafficBus(
  name: string,
  broker: Broker,
): { readonly bus: Bus; readonly traffic: TrafficBus } {
  const bus = createBus({ broker, publishWithin: `${publishWithinMs}ms` });
  const topic = defineTopic('chaos', { class: 'stream', schema: text, checkEvery: '2s' });
  const traffic: TrafficBus = {
    name,
    async publish(channel, body) {
      const { id, position } = await bus.publish(topic, body, { channel });
      if (position === undefined) throw new TypeError('a stream must answer with a position');
      return { id, place: position };
    },
    subscribe(channel, reader) {
      const subscription = bus.subscribe(
        topic,
        ({ id, position }) => position && reader.message(id, position),
        {
          channel,
          onGap: reader.gap,
        },
      );
      return {
        async ready() {
          await subscription.ready({ within: '30s' });
          const place = subscription.position(channel);
          if (place === undefined) throw new TypeError('a live subscription must have a position');
          return place;
        },
        live: () => subscription.state === 'live',
        close: () => subscription.close(),
      };
    },
  };
  return { bus, traffic };
}
