import type { Clock } from '@parley/cache-core/kernel';

/** Less than whoever asked waits for an answer. */
const answerMs = 45_000;

/**
 * The same lines, once the first of them is there: what cannot begin is refused with its reason, and not begun and cut off. A copy that takes long is
 * not waited for.
 */
export async function begun(lines: AsyncGenerator<string>, clock: Clock): Promise<AsyncGenerator<string>> {
  const first = lines.next();
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = clock.timer(answerMs, resolve, { unref: true });
  await Promise.race([first, late]).finally(() => timer.cancel());
  // Heard by who reads on, unless nobody does.
  first.catch(() => undefined);
  return goOn(first, lines);
}

async function* goOn(
  first: Promise<IteratorResult<string>>,
  lines: AsyncGenerator<string>,
): AsyncGenerator<string> {
  const { done, value } = await first;
  if (done === true) return;
  yield value;
  yield* lines;
}
