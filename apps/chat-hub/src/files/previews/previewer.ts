import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { Logger } from '@parley/cache-core/kernel';
import type { Call } from '../../chat/chat.ts';
import { runProgram, type Preview } from './run-program.ts';

export interface Previewer {
  /**
   * Undefined: none can be made of these bytes, or not now.
   *
   * @param open begins to read the picture
   */
  readonly make: (open: () => Promise<Readable>, call?: Call) => Promise<Preview | undefined>;
}

export interface PreviewerOptions {
  readonly logger: Pick<Logger, 'warn'>;
  /** How many processes may be at it. @default 2 */
  readonly atOnce?: number | undefined;
  /** How long one picture may take. @default 10,000 */
  readonly limitMs?: number | undefined;
  /** How long it is waited where no process could be had, or one was ended by its limit, before it is tried once more. @default 1,000 */
  readonly pauseMs?: number | undefined;
}

/**
 * Makes small pictures, each in a process of its own: what decodes pictures of strangers is large, is not written in JavaScript, and may be
 * brought to fall over one. It knows nothing, and takes nobody along. Its pictures come to it from where they are kept, a piece at a time.
 */
export function createPreviewer({
  logger,
  atOnce = 2,
  limitMs = 10_000,
  pauseMs = 1_000,
}: PreviewerOptions): Previewer {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  async function once(open: () => Promise<Readable>, signal: AbortSignal | undefined) {
    if (signal?.aborted === true) return undefined;
    const picture = await open();
    try {
      return await runProgram(picture, { limitMs, signal });
    } finally {
      picture.destroy();
    }
  }

  return {
    async make(open, { signal } = {}) {
      const first = await inTurn(() => once(open, signal));
      if (first !== 'not now') return first;
      // It is made now or never, and many pictures at once may be all that was wrong.
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      const second = await inTurn(() => once(open, signal));
      if (second !== 'not now') return second;
      logger.warn(
        { limitMs },
        'A picture gets no preview: its process could not begin, or did not end in time',
      );
      return undefined;
    },
  };
}
