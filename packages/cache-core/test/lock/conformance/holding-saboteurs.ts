import type { LockReply } from '@parley/cache-core/lock';
import { keys, methods, replies, requests, type Saboteurs } from './saboteur.ts';

const granted: LockReply = { state: 'granted', fence: 1 };

export const holdingSaboteurs: Saboteurs = {
  'of many who ask at once one has the lock': [replies(() => granted)],
  'who has to wait is told for how long at the most': [
    replies((reply) => (reply.state === 'held' ? { state: 'held', forMs: 0 } : reply)),
    replies((reply) => (reply.state === 'held' ? { state: 'held', forMs: reply.forMs * 10 } : reply)),
  ],
  'asking again with the same token is granted again, with the same fence': [
    methods((good) => {
      const asked = new Set<string>();
      return {
        acquire: async (request) => {
          const again = asked.has(request.token);
          asked.add(request.token);
          return again ? { state: 'held', forMs: 1 } : good.acquire(request);
        },
      };
    }),
    methods((good) => ({
      acquire: async (request) => {
        await good.release(request);
        return good.acquire(request);
      },
    })),
  ],
  'asking again begins the lease anew': [
    methods((good) => {
      const leases = new Map<string, number>();
      return {
        acquire: (request) => {
          const leaseMs = leases.get(request.token) ?? request.leaseMs;
          leases.set(request.token, leaseMs);
          return good.acquire({ ...request, leaseMs });
        },
      };
    }),
  ],
  'a lease ends by itself, and its token is worth nothing after it': [
    requests((request) => ({ ...request, leaseMs: request.leaseMs * 100 })),
    methods((good) => ({
      extend: async (lease) => (await good.extend(lease)) || (await good.acquire(lease)).state === 'granted',
    })),
    methods((good) => ({
      release: async (held) => {
        await good.release(held);
        return true;
      },
    })),
  ],
  'who extends a lease keeps the lock': [
    methods(() => ({ extend: async () => true })),
    methods(() => ({ extend: async () => false })),
  ],
  'an extended lease ends too': [
    methods((good) => ({ extend: (lease) => good.extend({ ...lease, leaseMs: lease.leaseMs * 100 }) })),
  ],
  'nobody but the holder extends': [
    methods((good) => {
      const holders = new Map<string, string>();
      return {
        acquire: async (request) => {
          const reply = await good.acquire(request);
          if (reply.state === 'granted') holders.set(request.key, request.token);
          return reply;
        },
        extend: async (lease) => {
          const token = holders.get(lease.key) ?? lease.token;
          await good.extend({ ...lease, token });
          return good.extend(lease);
        },
      };
    }),
    methods((good) => ({ extend: async (lease) => (await good.acquire(lease)).state === 'granted' })),
  ],
  'nobody but the holder lets go, and what is let go is free': [
    methods((good) => {
      const holders = new Map<string, string>();
      return {
        acquire: async (request) => {
          const reply = await good.acquire(request);
          if (reply.state === 'granted') holders.set(request.key, request.token);
          return reply;
        },
        release: async (held) => {
          const token = holders.get(held.key) ?? held.token;
          await good.release({ ...held, token });
          return token === held.token;
        },
      };
    }),
    methods((good) => ({ release: async (held) => good.extend({ ...held, leaseMs: 600_000 }) })),
  ],
  'fences of a key rise, whatever becomes of the lock': [
    methods((good) => {
      let fence = 0;
      return {
        acquire: async (request) => {
          const reply = await good.acquire(request);
          return reply.state === 'granted' ? { state: 'granted', fence: (fence += 1) } : reply;
        },
        release: (held) => {
          fence = 0;
          return good.release(held);
        },
      };
    }),
    replies((reply) => (reply.state === 'granted' ? { state: 'granted', fence: 7 } : reply)),
  ],
  'a fence is no less than the moment of the store in microseconds, so that they rise over a loss of data too':
    [
      methods((good) => {
        let fence = 0;
        return {
          acquire: async (request) => {
            const reply = await good.acquire(request);
            return reply.state === 'granted' ? { state: 'granted', fence: (fence += 1) } : reply;
          },
        };
      }),
    ],
  'keys are locked by themselves, whatever is in their names': [
    keys((key) => key.toLowerCase()),
    keys((key) => key.trimEnd()),
    keys((key) => key.replaceAll(/[^a-z0-9]/gi, 'x')),
  ],
  'a key may be as long as the store says': [
    methods((good) => ({
      acquire: async (request) => {
        if (request.key.length > 512) return { state: 'held', forMs: 1 };
        return good.acquire(request);
      },
    })),
    keys((key) => key.slice(0, 100)),
  ],
  'who gave up before asking changes nothing': [
    methods((good) => ({ acquire: (request) => good.acquire(request) })),
    methods((good) => ({ release: (held) => good.release(held) })),
  ],
  'its health says that it is up': [methods(() => ({ health: async () => ({ status: 'down', since: 0 }) }))],
};
