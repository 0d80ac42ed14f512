import { useCallback, useEffect, useRef, useState } from 'react';

export interface List<Item> {
  /** Undefined: not read yet. */
  readonly items: readonly Item[] | undefined;
  readonly error: unknown;
  readonly read: () => Promise<void>;
}

/** Something that is read of the hub when it is looked at, and again after it was changed. What was read last stays meanwhile. */
export function useList<Item>(load: () => Promise<readonly Item[]>): List<Item> {
  const [items, setItems] = useState<readonly Item[]>();
  const [error, setError] = useState<unknown>();
  const latest = useRef(load);
  latest.current = load;
  const read = useCallback(async (): Promise<void> => {
    setError(undefined);
    try {
      setItems(await latest.current());
    } catch (failure) {
      setError(failure);
    }
  }, []);
  useEffect(() => void read(), [read]);
  return { items, error, read };
}
