import { setTimeout as sleep } from 'node:timers/promises';
import { skewedClockEnv } from '@parley/services';
import { Member } from '../../cache/member.ts';
import { actorFile } from '../actor.ts';
import type { ActorReply, ActorRequest } from '../actor.ts';
import { judged } from '../scenario.ts';
import type { RivalScenario } from '../scenario.ts';

const fiveMinutes = 300_000;
const patienceMs = 3_000;

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
      const start = async (offsetMs: number) => {
        const env = await skewedClockEnv({ offsetMs });
        const member = await Member.start<ActorRequest, ActorReply>(
          actorFile,
          { library: cell.library, wish },
          env,
        );
        const ask = async (request: ActorRequest): Promise<void> => {
          const { error } = await member.ask(request);
          if (error !== undefined) throw new Error(error);
        };
        return { ask, stop: () => member.stop() };
      };
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
        // Without a bus an invalidation may take as long as the staleness bound, where there is one.
        await sleep(patienceMs);
        if (((await here.get('tagged')) ?? undefined) !== undefined)
          wrong.push(`on ${where} an invalidation by the slow host is never seen`);
      }
      for (const actor of [behind, ahead]) actor.stop();
    }
    return judged(wrong, 'They agree.');
  },
};
