/** What a promise rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to fail, and succeeded');
}

/** The outcome, and how many milliseconds it took. */
export async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly outcome: T; readonly ms: number }> {
  const began = performance.now();
  const outcome = await work();
  return { outcome, ms: performance.now() - began };
}
