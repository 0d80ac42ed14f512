import { setTimeout as sleep } from 'node:timers/promises';

/** Where a library takes a limit for calls to the server, it gets that of ours. */
export const callLimitMs = 500;

/** A call without an answer by then counts as so long. */
export const patienceMs = 5_000;
const loaderMs = 5;

/** How long a call takes, without the time of its loader. */
export async function timed(call: (load: () => Promise<unknown>) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let inLoader = 0;
  const load = async (): Promise<string> => {
    const from = performance.now();
    await sleep(loaderMs);
    inLoader += performance.now() - from;
    return 'loaded';
  };
  const tooLong = new AbortController();
  try {
    await Promise.race([
      // An error is an answer too.
      call(load).catch(() => {}),
      sleep(patienceMs, undefined, { signal: tooLong.signal }).catch(() => {}),
    ]);
  } finally {
    tooLong.abort();
  }
  return Math.max(0, performance.now() - started - inLoader);
}
