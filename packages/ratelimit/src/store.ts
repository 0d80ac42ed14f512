import type { Health } from '@parley/cache-core/kernel';
import type { Rule, Standing } from './rule.ts';

/**
 * What a limiter asks of the place that counts.
 *
 * What is kept belongs to an identity and to the name, the kind and the period of a rule. How each kind of rule counts is told by the pure
 * functions in `src/rules`; all numbers are whole, so every store comes to their answers exactly.
 *
 * Obligations of every store, shown by the laws in `@parley/ratelimit/conformance`:
 * - A request is carried out as a whole: either every charge of it is made, or none is. Stores whose `allOrNone` is `identity` keep this for
 *   charges of one identity; over several they reserve and give back, so that for a moment others may find less than there is.
 * - Denied calls cost nothing. They only begin the block of a rule's plan, once for each rule that was exceeded while no block lasted.
 * - Charges in `shadow` decide nothing: they are made if all others are admitted and they are too.
 * - A token that was admitted is remembered for `keepMs` with its request, which are the charges' rules and identities in their order: the same
 *   request with the same token is admitted again and changes nothing, whatever else happened. One that was denied is decided anew.
 * - Nobody's name means anything: identities, tokens and holders are any text of up to 1,024 bytes without control characters.
 * - Time is the store's own, in whole ms. Clocks of processes decide nothing.
 * - At most once: what a lost connection leaves open is reported as `StoreUnavailable`, never sent again by the store. It may have been charged.
 * - Failures are `StoreUnavailable` (try later) or `StoreFault` (trying again will not help), with the driver's error as `cause`.
 * - Nothing is left for ever: what is as if it had never been used is not kept.
 * - A store closes nothing that it did not open.
 *
 * Callers have checked what they hand over: rules by `checkRule`, costs from 1 to the rule's `burst`, no rule and identity twice in one request.
 */
export interface LimitStore {
  /** For messages and metrics: `redis`, `postgres`, `pglite`, `memory`. */
  readonly name: string;
  /** What its names stand under, for messages and metrics: a prefix, a schema. @default nothing */
  readonly prefix?: string | undefined;
  readonly capabilities: LimitCapabilities;

  /**
   * Decides requests, each by itself, and charges those that are admitted. Requests about the same identity alone are decided in their order;
   * where `allOrNone` is `always`, all are.
   */
  readonly take: (requests: readonly TakeRequest[], options?: StoreCall) => Promise<readonly Taken[]>;

  /** The same as `take` of one request, at once: only of stores that live in this process. */
  readonly takeNow?: ((request: TakeRequest) => Taken) | undefined;

  /** The same for one charge that is not of `concurrency`, without a token. */
  readonly chargeNow?: ((rule: Rule, identity: string, cost: number) => Standing) | undefined;

  /**
   * Which part of the store counts for an identity, where it has several that fail by themselves: so that what is asked of one does not wait for
   * another. The same part may get another name later.
   */
  readonly placeOf?: ((identity: string) => string) | undefined;

  /** What `take` would say of each charge by itself. Changes nothing. */
  readonly peek: (charges: readonly Charge[], options?: StoreCall) => Promise<readonly Peeked[]>;

  /**
   * Charges without asking (above 0) or gives back (below): penalties reach up to twice the burst, rewards at the most back to none. Not of
   * `concurrency`. Answers how a charge of 1 stands then.
   */
  readonly adjust: (adjustments: readonly Adjustment[], options?: StoreCall) => Promise<readonly Peeked[]>;

  /** Denies everything for so long from now; with 0 ends it, and forgets blocks before it. Answers how a charge of 1 stands then. */
  readonly block: (blocks: readonly Block[], options?: StoreCall) => Promise<readonly Peeked[]>;

  /** As if never used and never blocked. Tokens stay remembered. */
  readonly reset: (targets: readonly Target[], options?: StoreCall) => Promise<void>;

  /** Gives slots of `concurrency` back, and answers which were held. */
  readonly release: (holds: readonly Hold[], options?: StoreCall) => Promise<readonly Held[]>;

  /** Holds slots for another period from now, and answers which were held still. */
  readonly renew: (holds: readonly Hold[], options?: StoreCall) => Promise<readonly Held[]>;

  /** Answers within its own deadline, and never rejects. */
  readonly health: () => Promise<Health>;
}

export interface LimitCapabilities {
  /** Whether other processes count together with this one. */
  readonly shared: boolean;
  /** Of which charges a request is carried out as a whole without anybody seeing a part of it. */
  readonly allOrNone: 'always' | 'identity';
  /** How many charges the requests of one call have together at the most. */
  readonly maxBatch: number;
}

export interface StoreCall {
  /** Gives up waiting; what was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

export interface Target {
  readonly rule: Rule;
  readonly identity: string;
}

export interface Charge extends Target {
  /** From 1 to the rule's `burst`. */
  readonly cost: number;
  /** It is only told what the rule would say. @default false */
  readonly shadow?: boolean | undefined;
}

export interface TakeRequest {
  readonly charges: readonly Charge[];
  /** Names the request, so that sending it again changes nothing. */
  readonly token?: { readonly id: string; readonly keepMs: number } | undefined;
  /** Who holds slots of `concurrency`; needed where there is one. A holder that has slots of a rule already gets no more, and keeps them. */
  readonly holder?: string | undefined;
}

export interface Taken {
  /** Whether all charges were made, or had been made under the same token. */
  readonly ok: boolean;
  /** The token was known: nothing was charged now. */
  readonly replayed: boolean;
  /** When this was, in whole ms by the store's clock; of stores with several clocks, of the first charge. Only differences mean something. */
  readonly at: number;
  /**
   * How each charge stands; each `ok` is what its rule says, though another one may have denied the request. What is replayed stands as after
   * the charge: it is `ok`, and what is left is what is left now.
   */
  readonly standings: readonly Standing[];
}

export interface Peeked extends Standing {
  /** As of {@link Taken}. */
  readonly at: number;
}

export interface Adjustment extends Target {
  readonly by: number;
}

export interface Block extends Target {
  readonly forMs: number;
}

export interface Hold extends Target {
  readonly holder: string;
}

export interface Held {
  readonly held: boolean;
  /** As of {@link Taken}. */
  readonly at: number;
}
