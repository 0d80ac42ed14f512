import { Latencies } from '../../src/load/latencies.ts';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { HttpClient } from './http.ts';
import { openBare, openHub } from './server.ts';
import type { OpenServer, Server } from './server.ts';
import type { BenchSocket } from './socket.ts';

/** Many who are here and say nothing, each with a number of connections. */
const members = 111;
const openingAtOnce = 64;

/** One address has some 28,000 ports, of which others take their share. */
const addresses = Array.from({ length: 8 }, (_, i) => `127.0.0.${i + 1}`);

async function connectAll(server: Server, count: number): Promise<BenchSocket[]> {
  const sockets: BenchSocket[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      const i = begun++;
      sockets.push(await server.connect(i, { localAddress: addresses[i % addresses.length] }));
    }
  };
  await Promise.all(Array.from({ length: openingAtOnce }, worker));
  return sockets;
}

/** What a server holds for each connection, of memory that is in use. Once in a server's life: what it gave back it may keep for the next. */
function memoryEach(open: OpenServer): Subject {
  return ({ quick }) => {
    const count = quick ? 200 : 5_000;
    let figures: Record<string, number> = {};
    return {
      async op() {
        const server = await open({ keeps: 'folder', members, probed: true });
        // What the first ones bring into being is there once, and not for each.
        const first = await connectAll(server, members);
        const before = await server.program.memory();
        const sockets = await connectAll(server, count);
        const after = await server.program.memory();
        const each = (of: 'rss' | 'heapUsed' | 'external'): number =>
          (after[of] - before[of]) / count / 1_000;
        figures = { heapKB: each('heapUsed'), externalKB: each('external') };
        requireOpen([...first, ...sockets]);
        for (const socket of [...first, ...sockets]) socket.close();
        await server.stop();
        return each('rss');
      },
      figures: () => figures,
    };
  };
}

/** How many connections one server holds while it still answers. */
function holdMany(open: OpenServer): Subject {
  return async ({ quick }) => {
    const count = quick ? 500 : 10_000;
    const server = await open({ keeps: 'folder', members, probed: true });
    const client = new HttpClient(server.program.url);
    let figures: Record<string, number> = {};
    return {
      async op() {
        const from = performance.now();
        const sockets = await connectAll(server, count);
        const openSeconds = (performance.now() - from) / 1_000;
        const latencies = new Latencies();
        for (let i = 0; i < 50; i++) {
          const sentAt = performance.now();
          await client.ask(server.post(`message ${i}`));
          latencies.record(performance.now() - sentAt);
        }
        const { p50, max } = latencies.percentiles();
        const { rss } = await server.program.memory();
        figures = { openSeconds, answerP50: p50, answerMax: max, serverMB: rss / 1e6 };
        const held = sockets.filter(({ isOpen }) => isOpen).length;
        for (const socket of sockets) socket.close();
        return held;
      },
      figures: () => figures,
      async teardown() {
        client.close();
        await server.stop();
      },
    };
  };
}

function requireOpen(sockets: readonly BenchSocket[]): void {
  const lost = sockets.filter(({ isOpen }) => !isOpen).length;
  if (lost > 0) throw new Error(`${lost} of ${sockets.length} connections were lost`);
}

export const idleConnection: Subjects = { ours: memoryEach(openHub), floor: memoryEach(openBare) };
export const idleConnections: Subjects = { ours: holdMany(openHub), floor: holdMany(openBare) };
