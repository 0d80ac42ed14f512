import type { Subjects, Work } from '../../src/scenario.ts';

type Run = (key: string) => Promise<number>;
type Load = () => Promise<number>;

/** With one key all callers share one flight, with many each has its own. */
export function singleFlight(options: { keys: number }): Subjects {
  const keys = Array.from({ length: options.keys }, (_, i) => `account:${i}`);
  const work = (share: (load: Load) => Run): Work => counted(keys, share);
  return {
    ours: async () => {
      const { createSingleFlight } = await import('@parley/cache-core/kernel');
      const flights = createSingleFlight<number>();
      return work((load) => (key) => flights.run(key, load));
    },
    rivals: {
      // Without a time to live it only shares calls, which is what it is compared in.
      'async-cache-dedupe': async () => {
        const { createCache } = await import('async-cache-dedupe');
        return work((load) => {
          const cache = createCache({ ttl: 0, storage: { type: 'memory' } }).define('load', (_key: string) =>
            load(),
          );
          return (key) => cache.load(key);
        });
      },
    },
    floor: () =>
      work((load) => {
        const flights = new Map<string, Promise<number>>();
        return (key) => {
          const shared = flights.get(key);
          if (shared) return shared;
          const flight = load();
          const forget = () => flights.delete(key);
          flights.set(key, flight);
          flight.then(forget, forget);
          return flight;
        };
      }),
  };
}

function counted(keys: readonly string[], share: (load: Load) => Run): Work {
  let calls = 0;
  let loads = 0;
  const run = share(() => Promise.resolve(++loads));
  return {
    op: (i) => {
      calls++;
      return run(keys[i % keys.length] ?? '');
    },
    figures: () => ({ loadsPerCall: loads / calls }),
  };
}
