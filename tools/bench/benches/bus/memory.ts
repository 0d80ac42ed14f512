import type { Subject } from '../../src/scenario.ts';
import { chatSchema, messageOf } from './message.ts';

/** Publishes in groups, as a server does whose sockets are read in one turn. */
function stream(handlers: number, perRound: number): Subject {
  return async () => {
    const { createBus, defineTopic, memoryBroker } = await import('@parley/bus');
    const bus = createBus({ broker: memoryBroker() });
    const topic = defineTopic('chat', { class: 'stream', schema: chatSchema, retention: { count: 1_000 } });
    const heard = { count: 0 };
    for (let i = 0; i < handlers; i++) {
      await bus.subscribe(topic, () => void (heard.count += 1)).ready();
    }
    return {
      async op(i) {
        heard.count = 0;
        const startedAt = performance.now();
        for (let sent = 0; sent < perRound; sent += 100) {
          await Promise.all(
            Array.from({ length: 100 }, (_, j) => bus.publish(topic, messageOf(i + sent + j))),
          );
        }
        if (heard.count !== perRound * handlers)
          throw new Error(`${heard.count} deliveries of ${perRound * handlers}`);
        return (perRound * handlers * 1_000) / (performance.now() - startedAt);
      },
      teardown: () => bus.close(),
    };
  };
}

export const memoryStream: Subject = stream(1, 100_000);
export const memoryFanOut: Subject = stream(100, 20_000);
