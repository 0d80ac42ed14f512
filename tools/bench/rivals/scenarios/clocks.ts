import { setTimeout as sleep } from 'node:timers/promises';
import { skewedClockEnv } from '@parley/services';
import { Actor } from '../actor.ts';
import { judged } from '../scenario.ts';
import type { RivalScenario } from '../scenario.ts';

const fiveMinutes = 300_000;

/** K14: whose clock is wrong harms nobody. */
export const skewedClocks: RivalScenario = {
  id: 'K14',
  promise: 'Hosts whose clocks are 5 minutes apart agree about expiry and tags, on Redis and on Postgres',
  limitMs: 60_000,
  async run(cell) {
    const wrong: string[] = [];
    for (const server of ['redis', 'postgres'] as const) {
      const prefix = `${cell.prefix}${server}`;
      const wish = {
        [server]: cell.servers[server],
        prefix,
        local: false,
        bus: false,
        tags: true,
        shared: true,
      };
      const here = await cell.open(wish);
      const start = async (offsetMs: number) =>
        Actor.start(cell.library, wish, await skewedClockEnv({ offsetMs }));
      const [behind, ahead] = [await start(-fiveMinutes), await start(fiveMinutes)];
      const where = server === 'redis' ? 'Redis' : 'Postgres';
      await behind.ask({ call: 'set', key: 'minute', value: 'lives', options: { ttlMs: 60_000 } });
      if ((await here.get('minute')) !== 'lives')
        wrong.push(`on ${where} an entry from the slow host expires at once`);
      await ahead.ask({ call: 'set', key: 'second', value: 'short', options: { ttlMs: 1_000 } });
      await sleep(2_500);
      if (((await here.get('second')) ?? undefined) !== undefined)
        wrong.push(`on ${where} an entry from the fast host outlives its ttl`);
      if (here.invalidateTag) {
        await here.set('tagged', 'old', { tags: ['team'] });
        await behind.ask({ call: 'invalidateTag', tag: 'team' });
        if (((await here.get('tagged')) ?? undefined) !== undefined)
          wrong.push(`on ${where} an invalidation by the slow host is not seen`);
      }
      for (const actor of [behind, ahead]) actor.stop();
    }
    return judged(wrong, 'They agree.');
  },
};
