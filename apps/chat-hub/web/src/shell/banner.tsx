import type { ConnectionState } from '@parley/hub-client';
import { useEffect } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { useOnline, useSecondsUntil, useTrouble, type Trouble } from './connection-trouble.ts';

/** Tells that what is seen may be outdated, for as long as that is so, and when it is over. */
export function Banner() {
  const hub = useHub();
  const connection = useHubState((state) => state.connection);
  const { phase } = connection;
  const trouble = useTrouble(phase === 'live', phase === 'closed');
  const online = useOnline();
  const seconds = useSecondsUntil(phase === 'waiting' ? connection.until : undefined);
  useWaking(phase === 'waiting');
  const sentence = sentenceFor(trouble, connection, online);
  return (
    <>
      {/* It is read out once for each thing that happens: the seconds are for the eye. */}
      <p className="quiet" role="status">
        {sentence}
      </p>
      {sentence !== undefined && (
        <div className="banner" data-tone={trouble === 'back' ? 'good' : undefined}>
          <span aria-hidden>
            {sentence}
            {trouble === 'lost' && online && seconds !== undefined && seconds > 0 && (
              <span className="banner-seconds"> Next attempt in {seconds} s.</span>
            )}
          </span>
          {trouble === 'lost' && phase !== 'closed' && <Button onClick={hub.connect}>Connect now</Button>}
          {phase === 'closed' && <Button onClick={() => location.reload()}>Reload</Button>}
        </div>
      )}
    </>
  );
}

function sentenceFor(trouble: Trouble, connection: ConnectionState, online: boolean): string | undefined {
  if (trouble === 'none') return undefined;
  if (trouble === 'back') return 'Connected again.';
  if (connection.phase === 'closed') {
    if (connection.reason !== 'stop') return undefined;
    const why = connection.error === undefined ? '' : ` ${sentenceOf(connection.error)}.`;
    return `This page cannot talk to the hub any more.${why} Reload it to go on.`;
  }
  if (!online) return 'You are offline. What you write is kept here, and sent when you are back.';
  return 'No connection to the hub. What you write is kept here, and sent later.';
}

/** Who comes back to the page does not wait for an attempt that was put off while nobody looked. */
function useWaking(waits: boolean): void {
  const hub = useHub();
  useEffect(() => {
    if (!waits) return undefined;
    const look = (): void => {
      if (document.visibilityState === 'visible') hub.connect();
    };
    document.addEventListener('visibilitychange', look);
    addEventListener('pageshow', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('pageshow', look);
    };
  }, [hub, waits]);
}
