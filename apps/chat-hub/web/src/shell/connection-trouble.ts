import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** Most interruptions are over before anybody has read of them. */
const shortMs = 1_000;
/** To come in takes a while on a slow line. */
const firstMs = 3_000;
const backMs = 4_000;

/** `lost`: long enough that it matters. `back`: it mattered, and is over. */
export type Trouble = 'none' | 'lost' | 'back';

export function useTrouble(live: boolean, closed: boolean): Trouble {
  const [trouble, setTrouble] = useState<Trouble>('none');
  const wasLive = useRef(false);
  useEffect(() => {
    if (live) {
      wasLive.current = true;
      setTrouble((now) => (now === 'lost' ? 'back' : now));
    }
    const calmMs = wasLive.current ? shortMs : firstMs;
    const timer = live
      ? setTimeout(() => setTrouble('none'), backMs)
      : setTimeout(() => setTrouble('lost'), closed ? 0 : calmMs);
    return () => clearTimeout(timer);
  }, [live, closed]);
  return trouble;
}

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** What the machine says. It may be connected and reach nobody all the same. */
export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);

/** Whole seconds until then. Undefined: there is nothing to wait for. */
export function useSecondsUntil(until: number | undefined): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until === undefined) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === undefined ? undefined : Math.max(0, Math.ceil((until - now) / 1_000));
}
