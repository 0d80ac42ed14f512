/** A promise of a port, as something that can be tried on any implementation by any test runner. */
export interface Law<Harness> {
  readonly name: string;
  /** What the harness must have for the law to be tried; undefined: nothing that it may lack. */
  readonly needs?: keyof Harness | undefined;
  /** Rejects (with an AssertionError) when the promise is not kept. */
  verify(harness: Harness): Promise<void>;
}
