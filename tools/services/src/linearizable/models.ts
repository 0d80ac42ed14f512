import type { Operation, SequentialModel } from './check.ts';

export type RegisterInput = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: number };

/** One number, that is read and written. A write answers nothing that matters. */
export const registerModel: SequentialModel<number, RegisterInput, number> = {
  initial: 0,
  step: (state, input, output) => {
    if (input.kind === 'write') return input.value;
    return output === undefined || output === state ? state : undefined;
  },
  describe: String,
};

/** A number that things are added to; each call answers what it is then. */
export const counterModel: SequentialModel<number, number, number> = {
  initial: 0,
  step: (state, added, output) =>
    output === undefined || output === state + added ? state + added : undefined,
  describe: String,
  alike: String,
};

/** Writes that say a fence, and whether they were taken: none behind one with a higher fence. */
export const fencedModel: SequentialModel<number, { readonly fence: number }, boolean> = {
  initial: 0,
  step: (highest, { fence }, taken) => {
    const fits = fence >= highest;
    if (taken === undefined) return fits ? fence : undefined;
    if (taken) return fits ? fence : undefined;
    return fits ? undefined : highest;
  },
  describe: String,
};

export interface LockInput {
  readonly kind: 'acquire' | 'extend' | 'check' | 'release' | 'expire';
  readonly token: string;
  /** Of a `check` that found it held: until then it was promised to be kept, whenever the lease ends. */
  readonly keptUntil?: number | undefined;
}

/** Of `acquire` the fence, or undefined when it was refused; of the others whether it was held. */
export type LockOutput = { readonly fence: number | undefined } | { readonly held: boolean };

interface LockState {
  readonly holder: string | undefined;
  readonly fence: number;
}

/**
 * A lock with one holder at a time, and fences that rise. That it refuses is always right: it may be kept for somebody else. Leases end by
 * `expire`, which nobody calls and nobody sees: see `withExpiry`.
 */
export const lockModel: SequentialModel<LockState, LockInput, LockOutput> = {
  initial: { holder: undefined, fence: 0 },
  step: (state, { kind, token }, output) => {
    const mine = state.holder === token;
    if (kind === 'acquire') return acquired(state, token, output);
    if (kind === 'expire') return mine ? { ...state, holder: undefined } : undefined;
    const held = output !== undefined && 'held' in output ? output.held : true;
    if (held !== mine) return undefined;
    return held && kind === 'release' ? { ...state, holder: undefined } : state;
  },
  describe: ({ holder, fence }) => `${holder ?? ''} ${fence}`,
};

function acquired(state: LockState, token: string, output: LockOutput | undefined): LockState | undefined {
  const { holder, fence } = state;
  // What it was given nobody knows: more than what was given before, and less than what is given next.
  if (output === undefined) return holder === undefined ? { holder: token, fence } : undefined;
  if (!('fence' in output)) return undefined;
  if (output.fence === undefined) return state;
  if (holder === undefined) return output.fence > fence ? { holder: token, fence: output.fence } : undefined;
  // Asked for again. The first answer may have been lost.
  return holder === token && output.fence >= fence ? { holder: token, fence: output.fence } : undefined;
}

type LockOperation = Operation<LockInput, LockOutput>;

/**
 * A history of one lock together with the ends of its leases: of each token one that may have come, or not, at any time after the lease that
 * was last begun for certain, and after the transaction that it was checked in. Without what nobody knows of and nothing follows from: whether a token that was never seen to hold the lock held
 * it makes no difference, since it may always be refused.
 */
export function withExpiry(
  history: readonly LockOperation[],
  leaseMs: number,
  slackMs = 5,
): readonly LockOperation[] {
  const holders = new Set(history.filter(showsHolding).map(({ input }) => input.token));
  const begun = new Map<string, number>();
  for (const operation of history) {
    const { kind, token } = operation.input;
    // A look at it begins no lease.
    if (kind === 'release' || kind === 'check' || !holders.has(token)) continue;
    const known = begun.get(token);
    if (known === undefined || showsHolding(operation))
      begun.set(token, Math.max(known ?? 0, operation.calledAt));
  }
  const endOf = (token: string): number => (begun.get(token) ?? 0) + leaseMs - slackMs;
  const matters = ({ input: { kind, token }, answer }: LockOperation): boolean =>
    // Behind the end of a lease somebody may have had the lock, and have given it back as if they never had.
    kind === 'check'
      ? answer !== undefined && answer.at < endOf(token)
      : answer !== undefined || (kind !== 'extend' && holders.has(token));
  const all = history.filter(matters);
  const kept = new Map<string, number>();
  for (const { input } of all)
    if (input.keptUntil !== undefined) kept.set(input.token, input.keptUntil - slackMs);
  const ends = [...begun.keys()].map((token): LockOperation => ({
    by: 'time',
    input: { kind: 'expire', token },
    calledAt: Math.max(endOf(token), kept.get(token) ?? 0),
  }));
  return [...all, ...ends];
}

function showsHolding({ answer }: LockOperation): boolean {
  if (answer === undefined) return false;
  return 'held' in answer.output ? answer.output.held : answer.output.fence !== undefined;
}
