import type { Channel } from '@parley/hub-protocol';
import { isHubError } from '@parley/hub-protocol';
import { Menu } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { OutsideChannel } from './outside-channel.tsx';
import { openOverlay } from './overlay.ts';
import { go } from './place.ts';
import './absent-channel.css';

export interface AbsentChannelProps {
  readonly channelId: string;
  readonly messageId: string | undefined;
  readonly onMenu: () => void;
}

type Found =
  | { readonly as: 'looking' | 'coming' | 'gone' }
  | { readonly as: 'open'; readonly channel: Channel }
  | { readonly as: 'failed'; readonly error: unknown };

/** A link leads to a channel that one is not in: it can be read and joined, or it is gone, or not for everybody. */
export function AbsentChannel({ channelId, messageId, onMenu }: AbsentChannelProps) {
  const hub = useHub();
  const [found, setFound] = useState<Found>({ as: 'looking' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const given = new AbortController();
    hub.call('readChannel', { params: { channelId }, signal: given.signal }).then(
      ({ channel, member }) => setFound(member === null ? { as: 'open', channel } : { as: 'coming' }),
      (error: unknown) => {
        if (given.signal.aborted) return;
        const gone = isHubError(error) && [403, 404, 410, 422].includes(error.status);
        setFound(gone ? { as: 'gone' } : { as: 'failed', error });
      },
    );
    return () => given.abort();
  }, [hub, channelId, turn]);
  if (found.as === 'open')
    return <OutsideChannel channel={found.channel} messageId={messageId} onMenu={onMenu} />;
  const looking = found.as === 'looking' || found.as === 'coming';
  return (
    <main id="main" className="main absent" tabIndex={-1} aria-busy={looking}>
      <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
      <div className="absent-card">
        {looking && <p className="absent-soft">Opening…</p>}
        {found.as === 'gone' && (
          <>
            <h2>This channel is not here</h2>
            <p className="absent-soft">It was deleted, or it is private and you are not in it.</p>
            <WaysOut />
          </>
        )}
        {found.as === 'failed' && (
          <Notice tone="bad" action={{ label: 'Try again', onClick: () => setTurn((last) => last + 1) }}>
            The channel could not be opened. {sentenceOf(found.error)}.
          </Notice>
        )}
      </div>
    </main>
  );
}

function WaysOut() {
  return (
    <div className="absent-ways">
      <Button tone="main" onClick={() => openOverlay({ kind: 'browse-channels' })}>
        Browse channels
      </Button>
      <Button onClick={() => go({ view: 'channel' })}>Go to the start</Button>
    </div>
  );
}
