import type { Channel } from '@parley/hub-protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub } from '../hub/context.ts';

export interface ChannelList {
  readonly channels: readonly Channel[];
  readonly busy: boolean;
  readonly error: unknown;
  /** Undefined: there are no more. */
  readonly more: (() => void) | undefined;
  readonly again: () => void;
}

const restMs = 200;

/** The public channels that fit, page by page. What comes late for something that was typed before is not shown. */
export function useChannelList(typed: string, archived: boolean): ChannelList {
  const hub = useHub();
  const [channels, setChannels] = useState<readonly Channel[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [busy, setBusy] = useState(true);
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const asked = useRef(new AbortController());

  const read = useCallback(
    async (cursor?: string): Promise<void> => {
      asked.current.abort();
      const given = new AbortController();
      asked.current = given;
      setBusy(true);
      setError(undefined);
      try {
        const query = {
          kind: 'public' as const,
          archived,
          limit: 50,
          ...(typed !== '' && { query: typed }),
          ...(cursor !== undefined && { cursor }),
        };
        const page = await hub.call('listChannels', { query, signal: given.signal });
        setChannels((before) => (cursor === undefined ? page.items : [...before, ...page.items]));
        setNext(page.next);
        setBusy(false);
      } catch (failure) {
        if (given.signal.aborted) return;
        setError(failure);
        setBusy(false);
      }
    },
    [hub, typed, archived],
  );

  useEffect(() => {
    const timer = setTimeout(() => void read(), typed === '' ? 0 : restMs);
    return () => {
      clearTimeout(timer);
      asked.current.abort();
    };
  }, [read, turn, typed]);

  return {
    channels,
    busy,
    error,
    more: next === null || busy ? undefined : () => void read(next),
    again: () => setTurn((last) => last + 1),
  };
}
