/** Waits for all of them, also when one fails: what still runs must not lose the folder it works in. */
export async function together<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(works);
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failures.length > 0) {
    const messages = failures.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
    throw new Error(messages.join('\n'), { cause: failures[0] });
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
