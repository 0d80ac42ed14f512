import type { SubjectEnvironment, Subject, Subjects } from '../../src/scenario.ts';
import { Latencies } from '../../src/load/latencies.ts';
import type { ServerName } from '../../src/servers.ts';
import { commandsOf } from '../presence/redis-figures.ts';
import type { Commands } from '../presence/redis-figures.ts';
import { advisory, baton } from './floors.ts';
import { ours } from './open.ts';
import type { Locker, OpenLocker } from './open.ts';
import { redlock, semaphore } from './rivals.ts';

const waiters = 16;

interface Race {
  readonly lockers: readonly Locker[];
  readonly key: string;
  readonly handOvers: number;
}

/**
 * One holds the lock and 16 wait, each with connections of its own: from the moment it is let go until another one has it. Who lets it go asks
 * again when it is had, so that nobody hands it to themselves.
 */
async function race({ lockers, key, handOvers }: Race): Promise<Latencies> {
  const latencies = new Latencies();
  let holders = 0;
  let letGoAt = 0;
  let left = handOvers + lockers.length;
  let had = Promise.withResolvers<void>();
  const run = async (locker: Locker): Promise<void> => {
    while (left > 0) {
      const release = await locker.acquire(key);
      const now = performance.now();
      if (++holders > 1) throw new Error('two hold it at once');
      had.resolve();
      had = Promise.withResolvers();
      left -= 1;
      // Behind the last one there are fewer than 16.
      if (letGoAt > 0 && left >= lockers.length) latencies.record(now - letGoAt);
      // Those who have just asked are to be waiting by then.
      await new Promise((resolve) => setTimeout(resolve, 2));
      const next = had.promise;
      holders -= 1;
      letGoAt = performance.now();
      await release();
      if (left > 0) await next;
    }
  };
  await Promise.all(lockers.map(run));
  return latencies;
}

type Count = () => Promise<Commands>;

async function counting({ url }: SubjectEnvironment, server: ServerName) {
  if (server !== 'redis') return { count: async () => ({ sent: 0, others: 0 }), close: () => {} };
  const { Redis } = await import('ioredis-6');
  const operator = new Redis(url(server));
  const count: Count = () => commandsOf(operator);
  return { count, close: () => operator.disconnect() };
}

/** @param handOvers in a round; those who poll are slow */
function handingOver(server: ServerName, open: OpenLocker, handOvers: number): Subject {
  return async (environment) => {
    const { url, prefix, quick } = environment;
    const place = { server, url: url(server), prefix };
    const lockers = await Promise.all(Array.from({ length: waiters + 1 }, () => open(place)));
    const { count, close } = await counting(environment, server);
    let rounds = 0;
    let figures: Record<string, number> = {};
    return {
      async op() {
        const wanted = quick ? Math.ceil(handOvers / 5) : handOvers;
        const before = await count();
        const latencies = await race({ lockers, key: `job-${rounds++}`, handOvers: wanted });
        const after = await count();
        const { p50, p90, p99, max } = latencies.percentiles();
        const each = wanted + lockers.length;
        figures = {
          p90,
          p99,
          max,
          ...(server === 'redis' && {
            scripts: (after.sent - before.sent) / each,
            // One of the others is the first of the two questions.
            others: (after.others - before.others - 1) / each,
          }),
        };
        return p50;
      },
      figures: () => figures,
      async teardown() {
        close();
        await Promise.all(lockers.map((locker) => locker.close()));
      },
    };
  };
}

export const handOverRedis: Subjects = {
  ours: handingOver('redis', ours, 300),
  floor: handingOver('redis', baton, 300),
  rivals: {
    redlock: handingOver('redis', redlock, 20),
    'redis-semaphore': handingOver('redis', semaphore, 100),
  },
};

export const handOverPostgres: Subjects = {
  ours: handingOver('postgres', ours, 200),
  floor: handingOver('postgres', advisory, 200),
};
