import type { LockQueue, LockRequest } from '@parley/cache-core/lock';
import { ears, methods, requests, type Saboteur, type Saboteurs } from './saboteur.ts';

const queues = (change: (queue: LockQueue) => LockQueue): Saboteur =>
  requests((request) => ({ ...request, queue: request.queue && change(request.queue) }));

/** Nobody stands anywhere. */
const queueless = requests((request) => ({ ...request, queue: undefined }));
const deaf = ears((listener) => ({ ...listener, turn: () => undefined }));

/** Whoever does not wait comes first. */
const overtaking = methods((good) => {
  const claims = new Map<string, string>();
  return {
    listen: (listener) =>
      good.listen({
        ...listener,
        turn: (key, token) => {
          claims.set(key, token);
          listener.turn(key, token);
        },
      }),
    acquire: async (request) => {
      const token = claims.get(request.key);
      if (token !== undefined && token !== request.token) await good.release({ key: request.key, token });
      claims.delete(request.key);
      return good.acquire(request);
    },
  };
});

export const queueSaboteurs: Saboteurs = {
  'whoever waits is told when it is their turn, and has the lock': [queueless, deaf],
  'the lock goes round in the order of asking': [
    methods((good) => {
      const waiting: LockRequest[] = [];
      // Each who comes stands before all others.
      return {
        acquire: async (request) => {
          const reply = await good.acquire(request);
          if (reply.state === 'granted' || request.queue === undefined) return reply;
          for (const other of waiting) await good.release(other);
          for (const other of waiting) await good.acquire(other);
          waiting.unshift(request);
          return reply;
        },
      };
    }),
  ],
  'asking again does not cost the place in the queue': [
    methods((good) => ({
      acquire: async (request) => {
        if (request.queue !== undefined) await good.release(request);
        return good.acquire(request);
      },
    })),
  ],
  'nobody comes between': [overtaking, queueless],
  'whoever does not come for their turn loses it': [
    methods((good) => {
      const claims = new Map<string, string>();
      return {
        listen: (listener) =>
          good.listen({
            ...listener,
            turn: (key, token) => {
              claims.set(key, token);
              listener.turn(key, token);
            },
          }),
        acquire: async (request) => {
          const token = claims.get(request.key);
          return token === undefined || token === request.token
            ? good.acquire(request)
            : { state: 'held', forMs: 1 };
        },
      };
    }),
  ],
  'a turn that is given up goes to the next': [
    methods((good) => {
      const claims = new Set<string>();
      return {
        listen: (listener) =>
          good.listen({
            ...listener,
            turn: (key, token) => {
              claims.add(token);
              listener.turn(key, token);
            },
          }),
        release: async (held) => !claims.has(held.token) && good.release(held),
      };
    }),
  ],
  'a place that is given up is passed over': [
    methods((good) => {
      const holders = new Set<string>();
      return {
        acquire: async (request) => {
          const reply = await good.acquire(request);
          if (reply.state === 'granted') holders.add(request.token);
          return reply;
        },
        release: async (held) => holders.has(held.token) && good.release(held),
      };
    }),
  ],
  'a place ends for whom does not ask again, whoever else does': [
    // Nobody's does.
    queues((queue) => ({ ...queue, keepMs: queue.keepMs * 1_000 })),
    // Asking again does not keep it.
    methods((good) => {
      const asked = new Map<string, number>();
      return {
        acquire: (request) => {
          if (request.queue === undefined) return good.acquire(request);
          const keepMs = asked.get(request.token) ?? request.queue.keepMs;
          asked.set(request.token, keepMs);
          return good.acquire({ ...request, queue: { ...request.queue, keepMs } });
        },
      };
    }),
  ],
  'for somebody who cannot be told the lock is kept for as long as they say': [
    // For nobody.
    requests((request) => ({
      ...request,
      queue: request.queue?.ear.startsWith('-') === true ? undefined : request.queue,
    })),
    // For all of them alike.
    queues((queue) => (queue.ear.startsWith('-') ? { ...queue, ear: '-500' } : queue)),
    queues((queue) => (queue.ear.startsWith('-') ? { ...queue, ear: '-600000' } : queue)),
  ],
  'who waits behind a lease that has ended comes in the order of asking': [
    methods((good) => ({
      // Whoever asks again has lost its place, and so has everybody else.
      acquire: async (request) => {
        if (request.queue === undefined) return good.acquire(request);
        const reply = await good.acquire({ ...request, queue: undefined });
        return reply.state === 'granted'
          ? reply
          : good.acquire({ ...request, queue: { ...request.queue, keepMs: 1 } });
      },
    })),
    deaf,
  ],
  'the first of the queue takes what is free without being told': [
    methods((good) => ({
      acquire: async (request) => {
        const reply = await good.acquire(request);
        if (request.queue === undefined || reply.state === 'held') return reply;
        await good.release(request);
        return { state: 'held', forMs: 1 };
      },
    })),
  ],
  'an ear that was closed is passed over, or loses its turn': [
    methods((good) => ({
      listen: (listener) => ({ ...good.listen(listener), close: async () => undefined }),
    })),
  ],
  'waiting for one key is not waiting for another': [
    methods((good) => {
      const waiting = new Set<string>();
      const listeners = new Set<(token: string) => void>();
      return {
        listen: (listener) => {
          listeners.add((token) => listener.turn('', token));
          return good.listen(listener);
        },
        acquire: (request) => {
          if (request.queue !== undefined) waiting.add(request.token);
          return good.acquire(request);
        },
        release: async (held) => {
          for (const token of waiting) for (const tell of listeners) tell(token);
          return good.release(held);
        },
      };
    }),
  ],
  'a late word of a former holder takes nothing from the next one': [
    methods((good) => {
      const last = new Map<string, string>();
      return {
        acquire: async (request) => {
          const reply = await good.acquire(request);
          if (reply.state === 'granted') last.set(request.key, request.token);
          return reply;
        },
        release: async (held) => good.release({ ...held, token: last.get(held.key) ?? held.token }),
      };
    }),
  ],
};
