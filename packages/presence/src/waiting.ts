import type { Change } from './change.ts';

/** A change on its way to the store. */
export interface Waiting {
  readonly change: Change;
  readonly waiters: (() => void)[];
  /** After this (monotonic) it is of no use any more. */
  readonly until: number;
  /** Nothing of its name was ever sent: the store cannot have it. */
  readonly fresh: boolean;
}

export function settle(waiters: readonly (() => void)[]): void {
  for (const resolve of waiters) resolve();
}

export function inBatches(changes: readonly Change[], size: number): Change[][] {
  const count = Math.ceil(changes.length / size);
  return Array.from({ length: count }, (_, i) => changes.slice(i * size, (i + 1) * size));
}
