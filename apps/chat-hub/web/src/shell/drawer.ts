import { useEffect } from 'react';

const narrow = '(max-width: 760px)';

/**
 * The list of channels as a drawer, where there is no room beside the messages: the focus goes into it and stays there, Escape closes it, and
 * then the focus is where it was.
 */
export function useDrawer(open: boolean, close: () => void): void {
  useEffect(() => {
    const drawer = document.querySelector<HTMLElement>('.sidebar');
    if (!open || drawer === null) return undefined;
    const before = document.activeElement;
    const wide = matchMedia(narrow);
    const others = [...(drawer.parentElement?.children ?? [])].filter(
      (one) => one !== drawer && !one.matches('.scrim, .quiet'),
    );
    for (const other of others) other.toggleAttribute('inert', true);
    (drawer.querySelector<HTMLElement>('[aria-current]') ?? drawer.querySelector('button'))?.focus();
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      close();
    };
    addEventListener('keydown', escape);
    wide.addEventListener('change', close);
    return () => {
      removeEventListener('keydown', escape);
      wide.removeEventListener('change', close);
      for (const other of others) other.toggleAttribute('inert', false);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.getElementById('main')?.focus();
    };
  }, [open, close]);
}
