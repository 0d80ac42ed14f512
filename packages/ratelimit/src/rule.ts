export type RuleKind = 'gcra' | 'bucket' | 'fixed' | 'sliding' | 'log' | 'concurrency';

/**
 * A limit, as stores carry it out. All of its numbers are whole, and small enough (`checkRule`) that every product in the reference functions
 * stays below 2^53: so memory, Lua and SQL come to the same answers to the last unit.
 *
 * What a store keeps belongs to the name, the kind and the period of a rule: `limit`, `burst` and `block` may be others with each call.
 */
export interface Rule {
  /** Up to 64 letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  readonly kind: RuleKind;
  /** How many units come back within `periodMs`; of windows and logs, how many fit; of `concurrency`, how many are out at once. */
  readonly limit: number;
  /** The period or the length of the window; of `concurrency`, how long a slot is held that nobody renews. */
  readonly periodMs: number;
  /** How many units at once: the same as `limit`, except of `gcra` and `bucket`. */
  readonly burst: number;
  /** What happens to an identity that exceeds the rule, besides the denial. */
  readonly block?: BlockPlan | undefined;
}

/** The first block lasts `forMs`; each one that begins before the one before it is forgotten lasts `factor` times as long as that. */
export interface BlockPlan {
  readonly forMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** How long after its end a block counts for the length of the next one. */
  readonly forgetMs: number;
}

/** What a rule says about a call. Times count from when the store carried it out. */
export interface Standing {
  /** Whether the rule admits the charge. */
  readonly ok: boolean;
  /** How many units are left, after the charge if it was made. */
  readonly remaining: number;
  /** When the same charge will be admitted if nothing else happens: 0 if it is. Never too early, and exact but for `concurrency`. */
  readonly retryAfterMs: number;
  /** When the rule will be as if it had never been used, a block aside. */
  readonly resetMs: number;
  /** How long the identity is still blocked; 0: it is not. */
  readonly blockedMs: number;
}
