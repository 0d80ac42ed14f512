import { setTimeout as sleep } from 'node:timers/promises';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { openLibrary } from './libraries/library.ts';
import type { LibraryName } from './libraries/library.ts';
import { startOutage } from './outage-server.ts';
import type { OutageKind } from './outage-server.ts';
import { callLimitMs, timed } from './timed.ts';

const warmKeys = 100;
const perRound = 200;
const everyMs = 5;

/**
 * The p99 of what a call takes beyond its loader while Redis is away, after a first call has found that out. Half of the keys are in
 * memory, the others are new.
 */
export function outages(kind: OutageKind): Subjects {
  return {
    ours: away('parley', kind),
    rivals: {
      bentocache: away('bentocache', kind),
      cacheable: away('cacheable', kind),
      'cache-manager': away('cache-manager', kind),
    },
  };
}

function away(name: LibraryName, kind: OutageKind): Subject {
  return async ({ prefix }) => {
    const outage = await startOutage(kind);
    const bus = name === 'parley';
    const wish = { prefix, redis: outage.url, local: true, outageLimitMs: callLimitMs, bus };
    const cache = await openLibrary(name, wish);
    for (let i = 0; i < warmKeys; i++) await cache.load(`warm:${i}`, () => Promise.resolve(i));
    await outage.begin();
    const firstMs = await timed((load) => cache.load('cold:first', load));
    let calls = 0;
    return {
      async op() {
        const waits: Promise<number>[] = [];
        for (let i = 0; i < perRound; i++) {
          calls += 1;
          const key = calls % 2 === 0 ? `warm:${calls % warmKeys}` : `cold:${calls}`;
          waits.push(timed((load) => cache.load(key, load)));
          await sleep(everyMs);
        }
        const sorted = (await Promise.all(waits)).sort((a, b) => a - b);
        return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
      },
      figures: () => ({ firstMs }),
      teardown: () => outage.stop(),
    };
  };
}
