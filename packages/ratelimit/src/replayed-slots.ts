import type { ParleyError } from '@parley/cache-core/kernel';
import type { Taken, TakeRequest } from './store.ts';

/**
 * What is to be asked besides when a token was known: what was charged under it stays charged, while its slots may have been given back since.
 * Whoever holds them still gets no more. Undefined: nothing.
 */
export function slotsAgain(
  { charges, holder }: TakeRequest,
  outcome: Taken | ParleyError,
): TakeRequest | undefined {
  if (holder === undefined || outcome instanceof Error || !outcome.replayed) return undefined;
  return { charges: charges.filter(({ rule }) => rule.kind === 'concurrency'), holder };
}

/** The answer about a request and that about its slots, as one. */
export function withSlots(
  { charges }: TakeRequest,
  outcome: Taken | ParleyError,
  slots: Taken | ParleyError,
): Taken | ParleyError {
  if (outcome instanceof Error) return outcome;
  if (slots instanceof Error) return slots;
  const own = slots.standings.values();
  const standings = outcome.standings.map((standing, i) =>
    charges[i]?.rule.kind === 'concurrency' ? (own.next().value ?? standing) : standing,
  );
  return { ...outcome, ok: slots.ok, standings };
}
