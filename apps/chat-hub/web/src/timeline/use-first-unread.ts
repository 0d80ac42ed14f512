import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub } from '../hub/context.ts';

export interface WayToUnread {
  readonly at: 'rest' | 'looking' | 'here';
  readonly error: unknown;
  readonly begin: () => void;
  readonly end: () => void;
}

const page = 200;

/** The way to where the unread began: older messages are brought until it is there. */
export function useFirstUnread(channelId: string, since: number | undefined): WayToUnread {
  const hub = useHub();
  const [at, setAt] = useState<WayToUnread['at']>('rest');
  const [error, setError] = useState<unknown>();
  const way = useRef<AbortController>(undefined);
  const end = useCallback(() => {
    way.current?.abort();
    setAt('rest');
    setError(undefined);
  }, []);
  useEffect(() => () => way.current?.abort(), []);
  const begin = useCallback(() => {
    if (since === undefined) return;
    way.current?.abort();
    const { signal } = (way.current = new AbortController());
    setAt('looking');
    setError(undefined);
    const look = async (): Promise<void> => {
      for (let more = true; more && !signal.aborted;) {
        const first = hub.snapshot().channels.get(channelId)?.messages[0];
        if (first !== undefined && first.seq <= since) break;
        more = await hub.loadOlder(channelId, page);
      }
      if (!signal.aborted) setAt('here');
    };
    look().catch((failure: unknown) => {
      if (signal.aborted) return;
      setAt('rest');
      setError(failure);
    });
  }, [hub, channelId, since]);
  return { at, error, begin, end };
}
