import { useEffect, useState, type RefObject } from 'react';

/** Whether somebody points at the row that something stands in, or is in it with the keyboard. Most rows need nothing of what can be done with them. */
export function useNear(inside: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const row = rowOf(inside.current);
    if (row === null) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    let pointed = row.matches(':hover');
    let focused = row.matches(':focus-within');
    const look = (): void => setNear(pointed || focused);
    const listen = (event: string, change: (event: Event) => void): void =>
      row.addEventListener(
        event,
        (event) => {
          change(event);
          look();
        },
        { signal },
      );
    listen('pointerenter', () => (pointed = true));
    listen('pointerleave', () => (pointed = false));
    listen('focusin', () => (focused = true));
    listen('focusout', (event) => {
      const next = event instanceof FocusEvent ? event.relatedTarget : null;
      focused = next instanceof Node && row.contains(next);
    });
    look();
    return () => stop.abort();
  }, [inside]);
  return isNear;
}

export const rowOf = (inside: HTMLElement | null): HTMLElement | null =>
  inside?.closest<HTMLElement>('[data-message]') ?? null;
