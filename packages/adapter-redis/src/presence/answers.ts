import { StoreUnavailable, type Clock } from '@parley/cache-core/kernel';

export interface AnswersOptions {
  readonly clock: Clock;
  /** How long those are waited for that have not answered when the first one has. @default until each has answered or failed */
  readonly waitMs?: number | undefined;
}

export type Answer = { readonly value: unknown } | { readonly failure: Error };

/** What became of calls to several parts. One that does not answer does not keep what the others say; when none does, this rejects. */
export async function answersOf(
  calls: readonly Promise<unknown>[],
  { clock, waitMs }: AnswersOptions,
): Promise<Answer[]> {
  const late = { failure: new StoreUnavailable('Redis: a part of the cluster does not answer') };
  const answers: Answer[] = calls.map(() => late);
  const taken = calls.map(async (call, i) => {
    answers[i] = await call.then(
      (value) => ({ value }),
      (failure: unknown) => ({ failure: asError(failure) }),
    );
  });
  const all = Promise.all(taken);
  if (waitMs === undefined) await all;
  else {
    const first = Promise.any(calls).catch(() => undefined);
    await Promise.race([all, first]);
    const waiting = new AbortController();
    const over = clock.sleep(waitMs, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([all, over]);
    waiting.abort();
  }
  const failed = answers.filter((answer) => 'failure' in answer);
  if (failed.length > 0 && failed.length === answers.length) throw failed[0]?.failure ?? late.failure;
  return [...answers];
}

const asError = (failure: unknown): Error =>
  failure instanceof Error ? failure : new Error(String(failure));
