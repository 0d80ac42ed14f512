/** What locks of this process did since they were made. */
export interface LockStats {
  /** Locks taken; one for each key. */
  acquired: number;
  /** Of these, those that somebody else held at first. */
  waited: number;
  /** Calls that gave up because somebody else held the lock. */
  contended: number;
  released: number;
  extended: number;
  /** Extensions that the store did not answer; each is tried again until the lease is over. */
  extendFailures: number;
  /** Locks that were lost while they were held. */
  lost: number;
  /** Waits that ended because it was our turn. */
  turns: number;
  /** Waits that ended without a word, to ask again. */
  polls: number;
  /** Times that turns could not be heard. */
  deaf: number;
  /** Calls to the store that it did not answer. */
  storeFailures: number;
}

export interface LockFigures extends Readonly<LockStats> {
  /** Held now. */
  readonly held: number;
  /** Being waited for now. */
  readonly waiting: number;
}

export const emptyStats = (): LockStats => ({
  acquired: 0,
  waited: 0,
  contended: 0,
  released: 0,
  extended: 0,
  extendFailures: 0,
  lost: 0,
  turns: 0,
  polls: 0,
  deaf: 0,
  storeFailures: 0,
});
