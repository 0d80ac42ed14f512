import { useCallback, useRef, useState } from 'react';

export interface Work<Arguments extends readonly unknown[]> {
  readonly run: (...args: Arguments) => Promise<void>;
  readonly busy: boolean;
  readonly error: unknown;
  readonly clear: () => void;
}

/** Something that is asked of the hub by a form or a button: at most once at a time, with what went wrong. */
export function useWork<Arguments extends readonly unknown[]>(
  work: (...args: Arguments) => Promise<unknown>,
): Work<Arguments> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const latest = useRef(work);
  latest.current = work;
  const running = useRef(false);
  const run = useCallback(async (...args: Arguments): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await latest.current(...args);
    } catch (failure) {
      setError(failure);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(undefined), []);
  return { run, busy, error, clear };
}
