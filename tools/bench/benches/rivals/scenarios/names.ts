import type { OpenLibrary } from '../../cache/libraries/library.ts';
import { judged } from '../scenario.ts';
import type { Cell, RivalScenario } from '../scenario.ts';

const names = Array.from({ length: 30 }, (_, i) => `item:${i}`);

/** K4: what takes many keys takes those of many servers. */
export const cluster: RivalScenario = {
  id: 'K4',
  promise: 'Redis Cluster: reading, deleting and clearing many keys, and tags',
  async run(cell) {
    const wish = { cluster: cell.servers.cluster, local: false, bus: false, tags: true };
    const cache = await cell.open(wish);
    const wrong: string[] = [];
    const step = async (what: string, work: () => Promise<string | undefined>) => {
      try {
        const problem = await work();
        if (problem !== undefined) wrong.push(`${what}: ${problem}`);
      } catch (error) {
        wrong.push(
          `${what} throws "${error instanceof Error ? error.message.split('\n')[0] : String(error)}"`,
        );
      }
    };
    await step('set', async () => {
      for (const name of names) await cache.set(name, name);
      return undefined;
    });
    const { getMany, deleteMany, invalidateTag } = cache;
    if (getMany)
      await step('reading many', async () => {
        const found = (await getMany(names)).filter((value, i) => value === names[i]).length;
        return found === 30 ? undefined : `${found} of 30 found`;
      });
    if (deleteMany)
      await step('deleting many', async () => {
        await deleteMany(names.slice(0, 15));
        const left = await count(cache);
        return left === 15 ? undefined : `${left} of 15 are left`;
      });
    await step('clear', async () => {
      const before = await count(cache);
      await cache.clear();
      const left = await count(cache);
      return left === 0 ? undefined : `${left} of ${before} are left`;
    });
    if (invalidateTag)
      await step('tags', async () => {
        for (const name of names) await cache.set(name, name, { tags: ['all'] });
        await invalidateTag('all');
        const left = await count(cache);
        return left === 0 ? undefined : `${left} of 30 outlive their tag`;
      });
    const missing = [!getMany && 'reading many', !invalidateTag && 'tags'].filter((one) => one !== false);
    return judged(wrong, `All works${missing.length === 0 ? '' : ` (not offered: ${missing.join(', ')})`}.`);
  },
};

async function count(cache: OpenLibrary): Promise<number> {
  const values = await Promise.all(names.map((name) => cache.get(name)));
  return values.filter((value) => value !== undefined && value !== null).length;
}

/** K5: a name is a name, not a pattern. */
export const patterns: RivalScenario = {
  id: 'K5',
  promise: 'Clearing a namespace with a character that is a wildcard elsewhere clears no other',
  async run(cell) {
    const wrong: string[] = [];
    const notes: string[] = [];
    const { postgres, redis } = cell.servers;
    for (const [where, own, other, wish] of [
      ['Postgres', 'app_1', 'appX1', { postgres }],
      ['Redis', 'app?1', 'appX1', { redis, bus: false }],
      ['Redis', 'app[X]1', 'appX1', { redis, bus: false }],
    ] as const) {
      try {
        const [a, b] = [await openNamed(cell, own, wish), await openNamed(cell, other, wish)];
        await a.set('key', 1);
        await b.set('key', 2);
        await a.clear();
        if ((await b.get('key')) !== 2) wrong.push(`on ${where} clearing ${own} clears ${other}`);
        if (((await a.get('key')) ?? undefined) !== undefined)
          wrong.push(`on ${where} clearing ${own} leaves its key`);
        await b.clear();
      } catch (error) {
        if (!(error instanceof Error && error.name === 'InvalidArgument')) throw error;
        notes.push(own);
      }
    }
    return judged(
      wrong,
      notes.length === 0
        ? 'Only its own keys go.'
        : `Only its own keys go; ${notes.join(' and ')} are refused as names.`,
    );
  },
};

function openNamed(
  cell: Cell,
  name: string,
  wish: { readonly postgres: string } | { readonly redis: string; readonly bus: false },
): Promise<OpenLibrary> {
  return cell.open({ ...wish, local: false, namespace: name, prefix: `${cell.prefix}${name}` });
}
