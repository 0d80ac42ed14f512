/** Asked for in a way that cannot be done: told before any work, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
