import type { Found } from '@parley/hub-protocol';
import { isHubError } from '@parley/hub-protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub } from '../hub/context.ts';

export interface SearchState {
  readonly found: readonly Found[];
  /** Whether there may be more, further back. */
  readonly more: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  /** Searches further back, or again what went wrong. */
  readonly further: () => void;
  /** From the beginning. */
  readonly again: () => void;
}

const nothing = { found: [], next: null, busy: false, error: undefined } as const;

interface State {
  readonly found: readonly Found[];
  readonly next: string | null;
  readonly busy: boolean;
  readonly error: unknown;
}

/** What the hub finds, page by page. A page may bring nothing and still not be the last. */
export function useSearch(query: string, within: string | undefined): SearchState {
  const hub = useHub();
  const [state, setState] = useState<State>(nothing);
  const [round, setRound] = useState(0);
  const running = useRef<AbortController>(undefined);

  const read = useCallback(
    async (cursor: string | null, known: readonly Found[]): Promise<void> => {
      running.current?.abort();
      const giveUp = new AbortController();
      running.current = giveUp;
      setState({ found: known, next: cursor, busy: true, error: undefined });
      try {
        const page = await hub.call('searchMessages', {
          query: { query: scoped(query, within), ...(cursor !== null && { cursor }) },
          signal: giveUp.signal,
        });
        if (giveUp.signal.aborted) return;
        setState({ found: [...known, ...page.items], next: page.next, busy: false, error: undefined });
      } catch (error) {
        if (!giveUp.signal.aborted) setState({ found: known, next: cursor, busy: false, error });
      }
    },
    [hub, query, within],
  );
  useEffect(() => {
    if (query === '') setState(nothing);
    else void read(null, []);
    return () => running.current?.abort();
  }, [read, query, round]);

  const { found, next, busy, error } = state;
  return {
    found,
    more: next !== null,
    busy,
    error,
    further: () => void read(next, found),
    again: () => setRound((count) => count + 1),
  };
}

/** The same, in one channel, unless it names one by itself. */
function scoped(query: string, within: string | undefined): string {
  return within === undefined || /(?:^|\s)in:\S/iu.test(query) ? query : `${query} in:${within}`;
}

/** What cannot be understood is for who wrote it to change; anything else may go well the next time. */
export const isUnclear = (error: unknown): boolean =>
  isHubError(error) && ['INVALID', 'NOT_FOUND'].includes(error.code);
