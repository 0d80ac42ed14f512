import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Latencies } from './latencies.ts';
import type { Count } from './loop.ts';
import { consume } from './sink.ts';

export interface OpenLoop {
  readonly perSecond: number;
  readonly ms: number;
  readonly latencies: Latencies;
}

/** A subject that falls behind without end would fill the memory before the round is over. */
const mostOutstanding = 200_000;

/** Node's timers fire up to a millisecond late, so the rest of a wait goes round the event loop instead. */
const timerSlackMs = 2;

/**
 * Calls `op` when its moment has come, whatever became of the calls before, and counts each latency from that moment: a call
 * that had to wait behind a stall shows the stall.
 */
export async function openLoop(op: (i: number) => unknown, load: OpenLoop): Promise<Count> {
  const { perSecond, ms, latencies } = load;
  const gap = 1000 / perSecond;
  const total = Math.max(1, Math.floor(ms / gap));
  const drained = Promise.withResolvers<void>();
  let ended = 0;
  let failed = false;

  const call = async (i: number, due: number): Promise<void> => {
    consume(await op(i));
    latencies.record(performance.now() - due);
    if (++ended === total) drained.resolve();
  };
  const fail = (error: unknown): void => {
    failed = true;
    drained.reject(error);
  };
  // Whoever waits below hears of it; this only keeps a failure before that from counting as unhandled.
  drained.promise.catch(() => {});

  const started = performance.now();
  for (let i = 0; i < total; i++) {
    const due = started + i * gap;
    await comesDue(due);
    // Whoever is late does not wait, and would keep the answers from coming in.
    if (i % 64 === 0) await setImmediate();
    if (i - ended > mostOutstanding)
      fail(new Error(`cannot keep up with ${perSecond} calls a second: ${mostOutstanding} are outstanding`));
    if (failed) break;
    call(i, due).catch(fail);
  }
  await drained.promise;
  return { calls: ended, elapsedMs: performance.now() - started };
}

async function comesDue(due: number): Promise<void> {
  for (let early = due - performance.now(); early > 0; early = due - performance.now()) {
    if (early > timerSlackMs) await setTimeout(early - timerSlackMs);
    else await setImmediate();
  }
}
