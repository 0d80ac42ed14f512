import { setTimeout as sleep } from 'node:timers/promises';
import { startOutage } from '../../cache/outage-server.ts';
import { callLimitMs, patienceMs, timed } from '../../cache/timed.ts';
import { judged } from '../scenario.ts';
import type { RivalScenario } from '../scenario.ts';

const firstAtMost = 1_000;
const laterAtMost = 100;

/** K9: one loader that hangs does not hang the key. */
export const hangingLoader: RivalScenario = {
  id: 'K9',
  promise: 'A loader that never settles ends at its limit, and the next caller is served',
  async run(cell) {
    const cache = await cell.open({ redis: cell.servers.redis, loaderLimitMs: 500 });
    const settled = async (load: () => Promise<unknown>): Promise<unknown> =>
      Promise.race([
        cache.load('k9', load).catch(() => 'rejected'),
        sleep(patienceMs, 'hung', { ref: false }),
      ]);
    const first = settled(() => new Promise(() => {}));
    await sleep(1_000);
    const second = await settled(() => Promise.resolve('served'));
    const wrong: string[] = [];
    if ((await first) === 'hung') wrong.push(`the first caller waits for more than ${patienceMs / 1000} s`);
    if (second !== 'served')
      wrong.push(second === 'hung' ? 'so does everybody after it' : 'the next caller is rejected');
    return judged(wrong, 'The first is rejected at the limit, the next is served.');
  },
};

/** K10: nobody waits for a dead server. */
export const serverAway: RivalScenario = {
  id: 'K10',
  promise:
    'Redis refused, black-holed or stopped: the first call is answered within 1 s, later ones within 100 ms',
  limitMs: 60_000,
  async run(cell) {
    const wrong: string[] = [];
    const right: string[] = [];
    for (const kind of ['refused', 'blackhole', 'hung'] as const) {
      const outage = await startOutage(kind);
      const bus = cell.library !== 'cacheable';
      const cache = await cell.open({ redis: outage.url, bus, outageLimitMs: callLimitMs });
      await cache.load('warm', () => Promise.resolve(1));
      await outage.begin();
      const first = await timed((load) => cache.load('cold:0', load));
      let later = 0;
      for (let i = 1; i <= 3; i++) {
        later = Math.max(later, await timed((load) => cache.load(`cold:${i}`, load)));
      }
      const times = `${kind} ${told(first)}, then ${told(later)}`;
      (first > firstAtMost || later > laterAtMost ? wrong : right).push(times);
      await outage.stop();
    }
    return judged(wrong, `${right.join('; ')}.`);
  },
};

const told = (ms: number): string =>
  ms >= patienceMs ? `no answer in ${patienceMs / 1000} s` : `${Math.round(ms)} ms`;
