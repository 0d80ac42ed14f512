import { setTimeout as sleep } from 'node:timers/promises';
import { startProxy } from '@parley/services';
import { judged, notOffered } from '../scenario.ts';
import type { Cell, Outcome, RivalScenario } from '../scenario.ts';

/** For what goes from process to process. */
const busMs = 300;

/** K1: what was loaded before an invalidation is not kept after it. */
export const invalidatedWhileLoading: RivalScenario = {
  id: 'K1',
  promise: 'A key that is deleted, or whose tag is invalidated, while its loader runs is not stored',
  async run(cell) {
    const wish = { redis: cell.servers.redis, tags: true };
    const [a, b] = [await cell.open(wish), await cell.open(wish)];
    const wrong: string[] = [];
    const race = async (what: string, key: string, invalidate: () => Promise<unknown>, tags?: string[]) => {
      const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const old = async (): Promise<string> => {
        begun.resolve();
        await gate.promise;
        return 'old';
      };
      const fresh = () => Promise.resolve('new');
      const loading = a.load(key, old, { tags });
      await begun.promise;
      await invalidate();
      gate.resolve();
      await loading;
      await sleep(busMs);
      const [here, there] = [await a.load(key, fresh, { tags }), await b.load(key, fresh, { tags })];
      if (here !== 'new') wrong.push(`after the ${what} the loading process goes on serving the old value`);
      else if (there !== 'new') wrong.push(`after the ${what} other processes are served the old value`);
    };
    await race('deletion', 'k1', () => b.delete('k1'));
    const { invalidateTag } = b;
    if (invalidateTag) await race('invalidation of the tag', 'k1t', () => invalidateTag('team'), ['team']);
    return judged(
      wrong,
      invalidateTag
        ? 'The old value is refused, for keys and tags.'
        : 'The old value is refused (it has no tags).',
    );
  },
};

/** K3: a read that was under way when another process wrote does not land in memory. */
export const writtenWhileReading: RivalScenario = {
  id: 'K3',
  promise: 'An answer of the store that was under way while another process wrote is not kept in memory',
  async run(cell) {
    if (!hasBus(cell)) return withoutBus();
    const { redis } = cell.servers;
    const { hostname, port } = new URL(redis);
    const proxy = await startProxy({ target: { host: hostname, port: Number(port), url: redis } });
    const a = await cell.open({ redis: proxy.url, busRedis: redis });
    const b = await cell.open({ redis });
    await b.set('k3', 'old');
    // So that its connections are there.
    await a.get('another');
    await sleep(busMs);
    proxy.delay(350, 'replies');
    const reading = a.get('k3');
    await sleep(100);
    await b.set('k3', 'new');
    await reading;
    await proxy.heal();
    await sleep(busMs);
    const value = await a.get('k3');
    await proxy.close();
    return judged(
      value === 'new' ? [] : [`memory holds ${JSON.stringify(value)} for the rest of its ttl`],
      'The late answer is not kept.',
    );
  },
};

export function hasBus({ library }: Cell): boolean {
  return library !== 'cache-manager' && library !== 'keyv';
}

export const withoutBus = (): Outcome => notOffered('It has no way to tell other processes.');
