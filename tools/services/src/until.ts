import { setTimeout as sleep } from 'node:timers/promises';
import { ServerFailedError } from './errors.ts';
import type { RunningProcess } from './launch.ts';

export interface UntilOptions {
  /** For the message: "waited 10000 ms until <what>". */
  readonly what: string;
  /** Milliseconds. @default 30000 */
  readonly deadline?: number;
  /** Milliseconds between two tries. @default 20 */
  readonly every?: number;
  /** Waiting ends when this process does. */
  readonly process?: RunningProcess;
}

/** Asks until the answer is neither undefined nor false. A question that fails is asked again. */
export async function until<T>(
  question: () => Promise<T | undefined | false> | T | undefined | false,
  { what, deadline = 30_000, every = 20, process }: UntilOptions,
): Promise<T> {
  const end = performance.now() + deadline;
  let failure: unknown;
  for (;;) {
    try {
      const asked = question();
      // What listens on a taken port may stay silent: a question to it must not outlive the process that is waited for.
      const answer = await (process === undefined
        ? asked
        : Promise.race([asked, process.exited.then(() => undefined)]));
      if (answer !== undefined && answer !== false) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    const status = process?.status();
    if (status !== undefined)
      throw new ServerFailedError(
        `waited until ${what}, but the process ended with ${status.signal ?? status.code}`,
        (await process?.output()) ?? '',
        { cause: failure },
      );
    if (performance.now() > end)
      throw new ServerFailedError(
        `waited ${deadline} ms until ${what}${failure instanceof Error ? `: ${failure.message}` : ''}`,
        (await process?.output()) ?? '',
        { cause: failure },
      );
    await sleep(every);
  }
}
