import { useCallback, useEffect, useRef, useState } from 'react';

export interface Loaded<T> {
  /** Undefined until it is here for the first time. */
  readonly value: T | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  readonly reload: () => void;
  /** Puts in its place what is known to be so now. */
  readonly set: (change: (value: T) => T) => void;
}

/** What is asked of the hub for a page: once, anew when `key` changes, and given up when the page is left. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, key = ''): Loaded<T> {
  const [kept, setKept] = useState<{ readonly key: string; readonly value: T }>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(true);
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const over = new AbortController();
    setBusy(true);
    setError(undefined);
    const work = async (): Promise<void> => {
      try {
        const value = await latest.current(over.signal);
        if (!over.signal.aborted) setKept({ key, value });
      } catch (failure) {
        if (!over.signal.aborted) setError(failure);
      }
      if (!over.signal.aborted) setBusy(false);
    };
    void work();
    return () => over.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const set = useCallback(
    (change: (value: T) => T) => setKept((now) => now && { ...now, value: change(now.value) }),
    [],
  );
  return { value: kept?.key === key ? kept.value : undefined, busy, error, reload, set };
}
