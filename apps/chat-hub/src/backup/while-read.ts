import { Readable } from 'node:stream';
import type { Clock, Timer } from '@parley/cache-core/kernel';

export interface WhileReadOptions {
  readonly clock: Clock;
  readonly idleMs: number;
}

/**
 * A stream of what is written as far as it is read. Who stops reading, or never begins, must not hold up what is behind it: then the stream ends
 * with an error.
 */
export function whileRead(lines: AsyncGenerator<string>, { clock, idleMs }: WhileReadOptions): Readable {
  let timer: Timer | undefined;
  const wait = (): void => {
    timer = clock.timer(idleMs, () => stream.destroy(new Error('nobody reads it any more')), { unref: true });
  };
  async function* watched(): AsyncGenerator<string> {
    timer?.cancel();
    try {
      for await (const line of lines) {
        wait();
        yield line;
        timer?.cancel();
      }
    } finally {
      timer?.cancel();
    }
  }
  const stream: Readable = Readable.from(watched(), { objectMode: false, highWaterMark: 65_536 });
  stream.once('close', () => timer?.cancel());
  wait();
  return stream;
}
