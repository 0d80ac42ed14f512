import type { Channel } from '@parley/hub-protocol';
import { Hash, Users } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { enterChannel } from './enter-channel.ts';

/** The public channels, one click away. */
export function BrowseChannels({ canJoin }: { readonly canJoin: boolean }) {
  const hub = useHub();
  const [channels, setChannels] = useState<readonly Channel[]>();
  const [next, setNext] = useState<string | null>(null);
  const { run, busy, error } = useWork(async (cursor?: string) => {
    const page = await hub.call('listChannels', { query: { kind: 'public', cursor } });
    setChannels((known = []) => (cursor === undefined ? page.items : [...known, ...page.items]));
    setNext(page.next);
  });
  useEffect(() => void run(), [run]);
  return (
    <section className="welcome-browse" aria-labelledby="welcome-browse" aria-busy={busy}>
      <h3 id="welcome-browse">Channels to join</h3>
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: () => void run() }}>
          The channels could not be listed. {sentenceOf(error)}.
        </Notice>
      )}
      {channels?.length === 0 && (
        <Notice>There is no public channel yet. Who is invited to a private one finds it on the left.</Notice>
      )}
      <ul>
        {channels?.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} canJoin={canJoin} />
        ))}
      </ul>
      {next !== null && (
        <Button disabled={busy} onClick={() => void run(next)}>
          Show more
        </Button>
      )}
    </section>
  );
}

function ChannelRow({ channel, canJoin }: { readonly channel: Channel; readonly canJoin: boolean }) {
  const hub = useHub();
  const join = useCallback(async () => {
    await hub.call('joinChannel', { params: { channelId: channel.id } });
    await enterChannel(hub, channel.id);
  }, [hub, channel.id]);
  const { run, busy, error } = useWork(join);
  const { name, topic, memberCount } = channel;
  return (
    <li className="welcome-channel">
      <Hash aria-hidden size={18} />
      <div>
        <b>{name}</b>
        <p className="welcome-about">
          <Users aria-hidden size={13} /> {memberCount === 1 ? '1 member' : `${memberCount} members`}
          {topic !== '' && <span dir="auto"> · {topic}</span>}
        </p>
        {error !== undefined && (
          <p className="welcome-bad" role="alert">
            {sentenceOf(error)}.
          </p>
        )}
      </div>
      {canJoin && (
        <Button disabled={busy} aria-label={`Join ${name ?? ''}`} onClick={() => void run()}>
          Join
        </Button>
      )}
    </li>
  );
}
