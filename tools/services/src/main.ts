/**
 * Servers for development: `node tools/services/src/main.ts [redis|cluster|sentinel|postgres ...]` prints how to reach them, and ends them
 * with Ctrl+C.
 */
import { once } from 'node:events';
import { MissingServerError } from './errors.ts';
import { stopKeeper } from './keeper.ts';
import type { SharedKindName } from './shared-kinds.ts';
import { isSharedKind, sharedKinds } from './shared-kinds.ts';

const names = process.argv.length > 2 ? process.argv.slice(2) : ['redis'];

/** Aborted by Ctrl+C, or by being asked to end. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort());
  return controller.signal;
}

async function serve(kinds: readonly SharedKindName[], interrupted: Promise<unknown>): Promise<void> {
  for (const kind of kinds) {
    const starting = sharedKinds[kind].start();
    // Fails when the interruption takes its server away.
    starting.catch(() => undefined);
    const started = await Promise.race([starting, interrupted.then(() => undefined)]);
    if (started === undefined) return;
    console.log(`${sharedKinds[kind].variable}=${started.urls.join(',')}`);
  }
  await interrupted;
}

async function main(): Promise<number> {
  const unknown = names.find((name) => !isSharedKind(name));
  if (unknown !== undefined) {
    console.error(`there is no ${unknown}: ask for ${Object.keys(sharedKinds).join(', ')}`);
    return 2;
  }
  // Nothing else keeps a process that only waits for a signal.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await serve(names.filter(isSharedKind), once(interruption(), 'abort'));
    return 0;
  } catch (error) {
    console.error(error instanceof MissingServerError ? error.message : error);
    return 1;
  } finally {
    clearInterval(alive);
    await stopKeeper();
  }
}

process.exitCode = await main();
