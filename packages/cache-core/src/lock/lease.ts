/** By how much two clocks may part, and how late a timer may be noticed. */
const drift = 0.01;
const marginMs = 2;

/** For how much of a lease, counted from when it was asked for, its holder may be sure of it: the store's clock may run a little faster. */
export const confirmedFor = (leaseMs: number): number => leaseMs * (1 - drift) - marginMs;
