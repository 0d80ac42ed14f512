import type { Taken, TakeRequest } from './store.ts';

/**
 * What is to be asked besides when a token was known: what was charged under it stays charged, while its slots may have been given back since.
 * Whoever holds them still gets no more. Undefined: nothing.
 */
export function slotsAgain({ charges, holder }: TakeRequest, taken: Taken): TakeRequest | undefined {
  if (holder === undefined || !taken.replayed) return undefined;
  return { charges: charges.filter(({ rule }) => rule.kind === 'concurrency'), holder };
}

/** As `takeNow` of a store in this process, with the slots of what was replayed. */
export function takeWithSlots(takeNow: (request: TakeRequest) => Taken, request: TakeRequest): Taken {
  const taken = takeNow(request);
  const slots = slotsAgain(request, taken);
  return slots === undefined ? taken : slotsOf(request, taken, takeNow(slots));
}

/** The answer about a request and that about its slots, as one. */
export function slotsOf({ charges }: TakeRequest, taken: Taken, slots: Taken): Taken {
  const own = slots.standings.values();
  const standings = taken.standings.map((standing, i) =>
    charges[i]?.rule.kind === 'concurrency' ? (own.next().value ?? standing) : standing,
  );
  return { ...taken, ok: slots.ok, standings };
}
