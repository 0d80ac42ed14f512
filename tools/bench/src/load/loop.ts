import { consume } from './sink.ts';

/** How often `op` was called in how many milliseconds. */
export interface Count {
  readonly calls: number;
  readonly elapsedMs: number;
}

/** Long enough that reading the clock costs nothing beside it, short enough to end a round in time. */
const batchMs = 0.2;

export function loop(op: (i: number) => unknown, ms: number): Count {
  if (op(0) instanceof Promise)
    throw new TypeError('the op of a loop must be synchronous; promises need a closed or an open loop');
  const started = performance.now();
  let calls = 0;
  let batch = 16;
  let now = started;
  while (now - started < ms) {
    const began = now;
    for (const end = calls + batch; calls < end; calls++) consume(op(calls));
    now = performance.now();
    if (now - began < batchMs) batch *= 2;
  }
  return { calls, elapsedMs: now - started };
}
