import type { Channel } from '@parley/hub-protocol';
import { Check, Hash } from 'lucide-react';
import { useHub, useHubState, useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { closeOverlay } from '../shell/overlay.ts';
import { go } from '../shell/place.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import type { ChannelList } from './channel-list.ts';
import './finding.css';

export interface FoundChannelsProps {
  readonly list: ChannelList;
  /** What is said when there are none. */
  readonly none: string;
}

/** Public channels, each one click away. */
export function FoundChannels({ list: { channels, busy, error, more, again }, none }: FoundChannelsProps) {
  return (
    <>
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: again }}>
          The channels could not be read. {sentenceOf(error)}.
        </Notice>
      )}
      <ul className="channel-list" aria-label="Channels" aria-busy={busy}>
        {channels.map((channel) => (
          <FoundChannel key={channel.id} channel={channel} />
        ))}
      </ul>
      <p role="status" className="channel-none">
        {!busy && error === undefined && channels.length === 0 && none}
      </p>
      {more !== undefined && <Button onClick={more}>Show more</Button>}
    </>
  );
}

function FoundChannel({ channel }: { readonly channel: Channel }) {
  const hub = useHub();
  const { scopes } = useSession();
  const { id, name, topic, memberCount, archivedAt } = channel;
  const joined = useHubState(({ channels }) => channels.has(id));
  const open = (): void => {
    closeOverlay();
    go({ view: 'channel', channelId: id });
  };
  const { run, busy, error } = useWork(async () => {
    await hub.call('joinChannel', { params: { channelId: id } });
    open();
  });
  return (
    <li>
      <Hash aria-hidden size={18} />
      <div className="channel-about">
        <b>{name}</b>
        <small>
          {joined && (
            <span className="channel-joined">
              <Check aria-hidden size={13} /> Joined ·{' '}
            </span>
          )}
          {memberCount === 1 ? '1 member' : `${memberCount} members`}
          {topic !== '' && <bdi> · {topic}</bdi>}
        </small>
        {error !== undefined && (
          <small className="channel-error" role="alert">
            {sentenceOf(error)}.
          </small>
        )}
      </div>
      {joined || archivedAt !== null || !scopes.has('write') ? (
        <Button aria-label={`Open ${name}`} onClick={open}>
          Open
        </Button>
      ) : (
        <Button tone="main" aria-label={`Join ${name}`} disabled={busy} onClick={() => void run()}>
          Join
        </Button>
      )}
    </li>
  );
}
