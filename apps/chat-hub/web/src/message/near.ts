import { useEffect, useState, type RefObject } from 'react';

/** Rows that pass under a pointer are not pointed at. */
const restMs = 60;

const watchers = new Map<Element, (isNear: boolean) => void>();
let pointed: Element | null = null;
let focused: Element | null = null;
let resting: ReturnType<typeof setTimeout> | undefined;

/** Whether somebody points at the row that something stands in, or is in it with the keyboard. Most rows need nothing of what can be done with them. */
export function useNear(inside: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const row = rowOf(inside.current);
    if (row === null) return undefined;
    watchers.set(row, setNear);
    if (row.matches(':hover')) point(row);
    setNear(row === pointed || row === focused);
    return () => {
      watchers.delete(row);
      if (row === pointed) pointed = null;
    };
  }, [inside]);
  return isNear;
}

export const rowOf = (inside: EventTarget | null): HTMLElement | null =>
  inside instanceof Element ? inside.closest<HTMLElement>('[data-message]') : null;

function point(row: Element | null): void {
  clearTimeout(resting);
  const before = pointed;
  pointed = row;
  tell(before, row);
}

function focus(row: Element | null): void {
  const before = focused;
  focused = row;
  tell(before, row);
}

function tell(...rows: readonly (Element | null)[]): void {
  for (const row of rows) if (row !== null) watchers.get(row)?.(row === pointed || row === focused);
}

// Heard once for all rows, of which many come and go while one scrolls.
document.addEventListener('pointerover', ({ target }) => {
  const row = rowOf(target);
  clearTimeout(resting);
  if (row === pointed) return;
  if (pointed !== null) point(null);
  if (row !== null) resting = setTimeout(() => point(row), restMs);
});
document.addEventListener('pointerout', ({ relatedTarget }) => relatedTarget === null && point(null));
document.addEventListener('focusin', ({ target }) => focus(rowOf(target)));
document.addEventListener('focusout', ({ relatedTarget }) => relatedTarget === null && focus(null));
