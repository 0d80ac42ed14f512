// Another process: begins to load a key, says so, ends when it was stopped and goes on, and says what it got.
import { openParley } from '@parley/runtime';

const parley = await openParley(process.env, { isolation: process.env['ISOLATION'] ?? '' });
const value = await parley.cache.get('k', async () => {
  process.stdout.write('loading\n');
  await new Promise((resolve) => process.once('SIGCONT', resolve));
  return 'of the other';
});
process.stdout.write(`got ${value}\n`);
setInterval(() => undefined, 1_000);
