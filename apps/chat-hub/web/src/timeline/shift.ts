import { useLayoutEffect, useReducer, useRef } from 'react';

interface Keyed {
  readonly key: string;
}

const nearEnd = 400;

/** How many rows came before the first one; less than none: so many went from there. */
export function comeBefore(before: readonly Keyed[], now: readonly Keyed[]): number {
  if (before[0]?.key === now[0]?.key || before.length === 0 || now.length === 0) return 0;
  // The end is what changes least: some of it is found at its new place.
  for (let at = before.length - 1; at >= Math.max(0, before.length - 40); at -= 1) {
    const key = before[at]?.key;
    for (let place = now.length - 1; place >= Math.max(0, now.length - nearEnd); place -= 1)
      if (now[place]?.key === key) return place - at;
  }
  return 0;
}

/**
 * Rows that come before the others must not move what is read, and the list has to be told when they do. Where others come behind at the same
 * time, those wait for the next commit, before anything is drawn: the list understands one of both at a time.
 */
export function useShift<Row extends Keyed>(
  rows: readonly Row[],
): { readonly shown: readonly Row[]; readonly shift: boolean } {
  const before = useRef<readonly Row[]>([]);
  const [, again] = useReducer((count: number) => count + 1, 0);
  const added = comeBefore(before.current, rows);
  const shift = added !== 0;
  const kept = before.current.length + added;
  const shown = shift && kept !== rows.length ? rows.slice(0, Math.max(0, kept)) : rows;
  useLayoutEffect(() => {
    before.current = shown;
    if (shown !== rows) again();
  });
  return { shown, shift };
}
