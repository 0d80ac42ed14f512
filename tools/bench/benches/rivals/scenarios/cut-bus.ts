import { setTimeout as sleep } from 'node:timers/promises';
import { startProxy, startRedis } from '@parley/services';
import { judged } from '../scenario.ts';
import type { RivalScenario } from '../scenario.ts';
import { hasBus, withoutBus } from './racing-loads.ts';

const patienceMs = 8_000;

/** K2: a process that was cut off does not believe its memory when it is back. */
export const busCut: RivalScenario = {
  id: 'K2',
  promise: 'What changed while a process was cut off is known to it once the connection is back',
  async run(cell) {
    if (!hasBus(cell)) return withoutBus();
    const redis = await startRedis();
    const proxy = await startProxy({ target: redis });
    const a = await cell.open({ redis: proxy.url, tags: true });
    const b = await cell.open({ redis: redis.url, tags: true });
    const load = (key: string, value: string) =>
      a.load(key, () => Promise.resolve(value), key === 'tagged' ? { tags: ['team'] } : {});
    for (const key of ['plain', 'tagged']) await load(key, 'old');
    await sleep(1_000);
    for (const key of ['plain', 'tagged']) await load(key, 'old');
    proxy.refuse();
    proxy.cut();
    await sleep(200);
    await b.set('plain', 'new');
    await b.invalidateTag?.('team');
    await sleep(1_000);
    await proxy.heal();
    const wrong: string[] = [];
    for (const key of ['plain', 'tagged']) {
      const until = performance.now() + patienceMs;
      let value = await load(key, 'new');
      while (value !== 'new' && performance.now() < until) {
        await sleep(100);
        value = await load(key, 'new');
      }
      if (value !== 'new') wrong.push(`the ${key} key is still stale ${patienceMs / 1000} s later`);
    }
    return judged(wrong, 'Its memory is dropped when the connection is back.');
  },
};
