// Another process: changes what its environment names, and ends when the bound of staleness is over.
import { openParley } from '@parley/runtime';

const parley = await openParley(process.env, { isolation: process.env['ISOLATION'] ?? '' });
await parley.cache.set('k', 'new');
await parley.cache.invalidateByTag('t');
const changed = performance.now();
while (performance.now() - changed <= 2_000)
  await new Promise((resolve) => setTimeout(resolve, 2_001 - performance.now() + changed));
await parley.close();
