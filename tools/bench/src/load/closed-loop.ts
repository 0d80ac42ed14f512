import type { Latencies } from './latencies.ts';
import type { Count } from './loop.ts';
import { consume } from './sink.ts';

export interface ClosedLoop {
  readonly inFlight: number;
  readonly ms: number;

  /** Asked for only where they are wanted: two looks at the clock are much beside a call that takes less than a microsecond. */
  readonly latencies?: Latencies | undefined;
}

/** Looks at the clock once in so many calls: work of pure microtasks would keep a timer from ever firing. */
const lookEvery = 16;

export async function closedLoop(op: (i: number) => unknown, load: ClosedLoop): Promise<Count> {
  const { inFlight, ms, latencies } = load;
  const started = performance.now();
  let begun = 0;
  let calls = 0;
  let over = false;

  const worker = async (): Promise<void> => {
    while (!over) {
      consume(await op(begun++));
      if (++calls % lookEvery === 0 && performance.now() - started >= ms) over = true;
    }
  };
  const timedWorker = async (recorder: Latencies): Promise<void> => {
    while (!over) {
      const from = performance.now();
      consume(await op(begun++));
      const now = performance.now();
      recorder.record(now - from);
      calls++;
      if (now - started >= ms) over = true;
    }
  };

  const timer = setTimeout(() => (over = true), ms);
  try {
    await Promise.all(
      Array.from({ length: inFlight }, () => (latencies ? timedWorker(latencies) : worker())),
    );
  } finally {
    // After a failure too: the other workers must not go on.
    over = true;
    clearTimeout(timer);
  }
  return { calls, elapsedMs: performance.now() - started };
}
