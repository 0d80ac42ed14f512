import type { Operation, SequentialModel } from './check.ts';

/** What is asked of units that do not come back by themselves. */
export type QuotaInput =
  | { readonly kind: 'take'; readonly cost: number; readonly token?: string | undefined }
  | { readonly kind: 'give back'; readonly units: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'forget' };

/** Of a look and of what was given back only what is left; nothing of what was forgotten. */
export interface QuotaOutput {
  readonly ok: boolean;
  readonly replayed: boolean;
  readonly remaining: number | undefined;
}

interface QuotaState {
  readonly used: number;
  readonly tokens: readonly string[];
}

/** So many units, of which nobody gets what is not there; what is asked again under a token that was admitted changes nothing. */
export const quotaModel = (limit: number): SequentialModel<QuotaState, QuotaInput, QuotaOutput> => ({
  initial: { used: 0, tokens: [] },
  step: (state, input, output) => {
    if (input.kind === 'take') return taken(limit, state, input, output);
    const next = { ...state, used: usedAfter(state.used, input) };
    const { remaining } = output ?? {};
    return remaining === undefined || remaining === limit - next.used ? next : undefined;
  },
  describe: ({ used, tokens }) => `${used} ${tokens.join()}`,
  alike: (input) => JSON.stringify(input),
});

function usedAfter(used: number, input: Exclude<QuotaInput, { readonly kind: 'take' }>): number {
  if (input.kind === 'forget') return 0;
  return input.kind === 'give back' ? Math.max(0, used - input.units) : used;
}

function taken(
  limit: number,
  state: QuotaState,
  { cost, token }: Extract<QuotaInput, { readonly kind: 'take' }>,
  output: QuotaOutput | undefined,
): QuotaState | undefined {
  const { used, tokens } = state;
  const known = token !== undefined && tokens.includes(token);
  const ok = known || used + cost <= limit;
  const next =
    known || !ok
      ? state
      : { used: used + cost, tokens: token === undefined ? tokens : [...tokens, token].toSorted() };
  // Of what was denied nothing is seen later: it is the same as if it had never been asked.
  if (output === undefined) return next === state ? undefined : next;
  const fits = output.ok === ok && output.replayed === known && output.remaining === limit - next.used;
  return fits ? next : undefined;
}

type QuotaOperation = Operation<QuotaInput, QuotaOutput>;

/**
 * A history of units without what nothing follows from. Of a token that was never answered it does not matter which it was: it is the same as
 * none, asked for once.
 */
export function withoutLostTokens(history: readonly QuotaOperation[]): readonly QuotaOperation[] {
  const answered = new Set(history.filter(({ answer }) => answer !== undefined).map(tokenOf));
  const seen = new Set<string>();
  return history.flatMap((operation) => {
    const { input } = operation;
    if (input.kind === 'look' && operation.answer === undefined) return [];
    const token = tokenOf(operation);
    if (input.kind !== 'take' || token === undefined || answered.has(token)) return [operation];
    if (seen.has(token)) return [];
    seen.add(token);
    return [{ ...operation, input: { kind: 'take', cost: input.cost } }];
  });
}

const tokenOf = ({ input }: QuotaOperation): string | undefined =>
  input.kind === 'take' ? input.token : undefined;

/** What is asked of slots, each of which is held by somebody. */
export interface SlotsInput {
  readonly kind: 'hold' | 'let go';
  readonly holder: string;
}

/** So many slots; a holder has one at the most, and keeps it when it asks again. */
export const slotsModel = (limit: number): SequentialModel<readonly string[], SlotsInput, boolean> => ({
  initial: [],
  step: (holders, { kind, holder }, output) => {
    const held = holders.includes(holder);
    const ok = kind === 'hold' ? held || holders.length < limit : held;
    if (output !== undefined && output !== ok) return undefined;
    if (!ok || held === (kind === 'hold')) return output === undefined ? undefined : holders;
    return held ? holders.filter((one) => one !== holder) : [...holders, holder].toSorted();
  },
  describe: (holders) => holders.join(),
});
