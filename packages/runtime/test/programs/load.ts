// Another process: begins to load a key, says so, and says in the end what it got.
import { openParley } from '@parley/runtime';

const parley = await openParley(process.env, { isolation: process.env['ISOLATION'] ?? '' });
const value = await parley.cache.get('k', async () => {
  process.stdout.write('loading\n');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return 'of the other';
});
process.stdout.write(`got ${value}\n`);
setInterval(() => undefined, 1_000);
