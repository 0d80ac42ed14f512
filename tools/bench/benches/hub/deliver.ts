import { Latencies } from '../../src/load/latencies.ts';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { openBare, openHub } from './server.ts';
import type { OpenServer } from './server.ts';

const receivers = 111;
const perRound = 100;

/** One who sends, and how long it takes until each of those who are in the channel has it. */
function deliver(open: OpenServer): Subject {
  return async () => {
    const server = await open({ keeps: 'folder', members: receivers + 1 });
    const sender = await server.connect(0);
    const sockets = await Promise.all(Array.from({ length: receivers }, (_, i) => server.connect(i + 1)));
    const sent = new Map<string, { readonly at: number; left: number; readonly all: () => void }>();
    let deliveries = new Latencies();
    let figures: Record<string, number> = {};
    let names = 0;
    for (const socket of sockets) {
      socket.onMessage((content) => {
        const message = sent.get(content);
        if (message === undefined) throw new Error(`"${content}" came to somebody once too often`);
        deliveries.record(performance.now() - message.at);
        message.left -= 1;
        if (message.left === 0) {
          sent.delete(content);
          message.all();
        }
      });
    }
    return {
      async op() {
        deliveries = new Latencies();
        const acks = new Latencies();
        const last = new Latencies();
        for (let i = 0; i < perRound; i++) {
          const content = `message ${names++}`;
          const all = Promise.withResolvers<void>();
          const at = performance.now();
          sent.set(content, { at, left: receivers, all: all.resolve });
          const acked = sender.ask(server.frame(content)).then(() => acks.record(performance.now() - at));
          await all.promise;
          last.record(performance.now() - at);
          await acked;
        }
        const [ack, delivery] = [acks.percentiles(), deliveries.percentiles()];
        figures = {
          p50: delivery.p50,
          p99: delivery.p99,
          ackP50: ack.p50,
          ackP99: ack.p99,
          lastP50: last.percentiles().p50,
        };
        return delivery.p50;
      },
      figures: () => figures,
      async teardown() {
        for (const socket of [sender, ...sockets]) socket.close();
        await server.stop();
      },
    };
  };
}

export const deliveries: Subjects = { ours: deliver(openHub), floor: deliver(openBare) };
