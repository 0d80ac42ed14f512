import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';

export interface Older {
  readonly error: unknown;
  /** Brings older messages, one page at a time; not again after an error, until `retry`. */
  readonly load: () => void;
  readonly retry: () => void;
}

const page = 60;

export function useOlder(channelId: string, wanted: boolean): Older {
  const hub = useHub();
  const [error, setError] = useState<unknown>();
  const state = useRef({ busy: false, failed: false, wanted });
  state.current.wanted = wanted;
  const load = useCallback((): void => {
    const now = state.current;
    if (now.busy || now.failed || !now.wanted) return;
    now.busy = true;
    hub.loadOlder(channelId, page).then(
      () => {
        now.busy = false;
      },
      (failure: unknown) => {
        now.busy = false;
        now.failed = true;
        setError(failure);
      },
    );
  }, [hub, channelId]);
  const retry = useCallback((): void => {
    state.current.failed = false;
    setError(undefined);
    load();
  }, [load]);
  const live = useHubState(({ connection }) => connection.phase === 'live');
  useEffect(() => {
    // Nobody has to press a button for what comes with the connection.
    if (live && state.current.failed) retry();
  }, [live, retry]);
  return { error, load, retry };
}
