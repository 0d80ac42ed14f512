/** A promise of a port, as something that can be tried on any implementation by any test runner. */
export interface Law<Harness> {
  readonly name: string;
  /** What the implementation must be able to do for the law to apply; undefined: it always does. */
  readonly needs?: ((harness: Harness) => boolean) | undefined;
  /** Rejects (with an AssertionError) when the promise is not kept. */
  verify(harness: Harness): Promise<void>;
}
