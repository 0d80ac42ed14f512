import type { Subject } from '../../src/scenario.ts';
import { agentNames, agents } from './crowd.ts';

const room = 'general';

/** A server without sockets on the network. What a real one tells of each, such as its headers, would only be more. */
function serverWith(users: readonly string[]) {
  const sockets = users.map((user) => ({ id: user, handshake: {}, rooms: new Set([room]), data: { user } }));
  return {
    name: '/',
    server: { encoder: { encode: () => [] }, opts: {} },
    sockets: new Map(sockets.map((socket) => [socket.id, socket])),
    adapter: {},
  };
}

/** `fetchSockets` of one server, where everybody is connected to another one, which is asked at each call. */
export const socketIo: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis');
  const { createAdapter } = await import('@socket.io/redis-streams-adapter');
  const clients = [new Redis(url('redis')), new Redis(url('redis'))] as const;
  const options = { streamName: `${prefix}socket.io`, channelPrefix: prefix };
  const holding = createAdapter(clients[0], options)(serverWith(agentNames));
  const asking = createAdapter(clients[1], options)(serverWith([]));
  for (const user of agentNames) void holding.addAll(user, new Set([room]));
  // They count each other when both have subscribed, which nothing tells.
  const deadline = performance.now() + 10_000;
  while ((await asking.serverCount()) < 2) {
    if (performance.now() > deadline) throw new Error('the servers do not find each other');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    async op() {
      const sockets = await asking.fetchSockets({
        rooms: new Set([room]),
        except: new Set(),
        flags: {},
      });
      if (sockets.length !== agents) throw new Error(`${sockets.length} are there`);
      return sockets;
    },
    teardown() {
      void holding.close();
      void asking.close();
      for (const client of clients) client.disconnect();
    },
  };
};
