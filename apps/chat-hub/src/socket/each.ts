/** Does something with each of them, so many at a time. Rejects with the first failure; then nothing more is begun. */
export async function each<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failed = false;
  const next = async (): Promise<void> => {
    for (let one = waiting.next(); one.done !== true && !failed; one = waiting.next()) {
      try {
        await work(one.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
