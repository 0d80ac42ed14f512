import type { KeyboardEvent } from 'react';

/** Arrow keys within the list: it is one stop of the Tab key, however many are in it. */
export function rove(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { currentTarget, target, key } = event;
  if (!(target instanceof HTMLElement)) return;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const header = target
      .closest('.sidebar-section')
      ?.querySelector<HTMLElement>('.sidebar-fold[aria-expanded]');
    if (header == null || (header.ariaExpanded === 'true') === (key === 'ArrowRight')) return;
    event.preventDefault();
    header.click();
    header.focus();
    return;
  }
  const rows = [...currentTarget.querySelectorAll<HTMLElement>('[data-row], .sidebar-fold')];
  const at = rows.indexOf(target);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
}
