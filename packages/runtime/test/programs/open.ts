import { isParleyError, silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';

// Opens, and says what came of it. It never exits on purpose: what is left running keeps it alive.
const broken = process.env['BROKEN_CACHE'] === undefined ? {} : { cache: { namespace: 'not a namespace!' } };
try {
  const { selection, close } = await openParley(process.env, { logger: silentLogger, ...broken });
  process.stdout.write(`opened ${selection.cache.adapter}\n`);
  await close();
} catch (error) {
  process.stdout.write(`${isParleyError(error) ? error.code : String(error)}\n`);
}
