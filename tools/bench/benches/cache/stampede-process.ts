import { setTimeout as sleep } from 'node:timers/promises';
import { openLibrary } from './libraries/library.ts';
import type { LibraryName, Wish } from './libraries/library.ts';

export interface StampedeSetup {
  readonly library: LibraryName;
  readonly wish: Wish;
  readonly callers: number;
}

export interface StampedeReply {
  readonly loads: number;
  readonly failure?: string;
}

/** As a query that is worth a cache. */
const loaderMs = 100;

const { library, wish, callers }: StampedeSetup = JSON.parse(process.argv[2] ?? '{}');
const cache = await openLibrary(library, wish);
// Tables are made and connections opened by the first calls.
await cache.get('warm-up');

async function run(key: string): Promise<StampedeReply> {
  let loads = 0;
  const load = async (): Promise<string> => {
    loads += 1;
    await sleep(loaderMs);
    return `value of ${key}`;
  };
  try {
    const values = await Promise.all(Array.from({ length: callers }, () => cache.load(key, load)));
    const wrong = values.find((value) => value !== `value of ${key}`);
    return wrong === undefined
      ? { loads }
      : { loads, failure: `a caller was given ${JSON.stringify(wrong)}` };
  } catch (error) {
    return { loads, failure: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (key: string) => {
  void run(key).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ loads: 0 } satisfies StampedeReply);
