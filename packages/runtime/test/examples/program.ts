/* oxlint-disable no-console */
let loads = 0;

// #region program
import { openParley } from '@parley/runtime';

const { cache, selection, close } = await openParley();
console.log(selection.cache.because);

const user = () => cache.get('user:42', () => loadUser(42), { ttl: '5m', tags: ['users:42'] });
console.log(await user(), await user());

await cache.invalidateByTag('users');
console.log(await user());

await close();
// #endregion program

async function loadUser(id: number): Promise<string> {
  loads += 1;
  return `user ${id}, load ${loads}`;
}
