import { useEffect } from 'react';
import { useHub } from '../hub/context.ts';

const awayMs = 300_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'focus'] as const;

/** Tells the hub whether somebody is at the keys: who did nothing for five minutes is away. */
export function useActivity(): void {
  const hub = useHub();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = -Infinity;
    const here = (): void => {
      const now = performance.now();
      // The pointer tells hundreds of times in a second.
      if (now - last < 1_000) return;
      last = now;
      hub.setActivity('online');
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = -Infinity;
        hub.setActivity('away');
      }, awayMs);
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible') here();
    };
    here();
    for (const sign of signs) addEventListener(sign, here, { passive: true });
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearTimeout(timer);
      for (const sign of signs) removeEventListener(sign, here);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [hub]);
}
