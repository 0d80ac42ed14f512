/* oxlint-disable no-console */
// #region open
import { openParley } from '@parley/runtime';

const parley = await openParley();
const { cache } = parley;
// #endregion open

const names = new Map([
  ['1', 'Ann'],
  ['2', 'Bo'],
]);
let queries = 0;

/** What is slow in the reader's program. */
async function findUser(id: string): Promise<{ id: string; name: string | undefined }> {
  queries += 1;
  return { id, name: names.get(id) };
}

// #region query
const user = (id: string) =>
  cache.get(`user:${id}`, () => findUser(id), { ttl: '5m', tags: [`users:${id}`] });

console.log(await user('1'));
console.log(await user('1')); // from memory
// #endregion query
console.log(`${queries} query`);

// #region write
async function rename(id: string, name: string): Promise<void> {
  names.set(id, name); // your UPDATE
  await cache.invalidateByTag(`users:${id}`);
}

await rename('1', 'Anna');
console.log(await user('1')); // { id: '1', name: 'Anna' }, in every process
// #endregion write
console.log(`${queries} queries`);

// #region grace
const rates = await cache.get('rates', () => fetchRates(), { ttl: '1m', grace: '1h', softLimit: '200ms' });
// #endregion grace
console.log(rates);

// #region warm
const warmed = await cache.warm(
  ['user:1', 'user:2'],
  (missing) => Promise.all(missing.map((key) => findUser(key.slice('user:'.length)))),
  { ttl: '5m' },
);
console.log(warmed); // { present: 1, loaded: 1, failed: 0 }
// #endregion warm

// #region stats
const { localHits, storeHits, misses, loads } = cache.stats();
console.log({ localHits, storeHits, misses, loads }, (await parley.health()).status);
await parley.close();
// #endregion stats

async function fetchRates(): Promise<Record<string, number>> {
  return { EUR: 1.08 };
}
