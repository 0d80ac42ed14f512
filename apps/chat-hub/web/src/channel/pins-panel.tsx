import type { Message } from '@parley/hub-protocol';
import { PinOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useHub, useHubState, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Attachments } from '../message/attachments.tsx';
import { MessageBody } from '../message/message-body.tsx';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { jumpTo, linkTo } from './jump.ts';
import { useBriefMoment } from './times.ts';
import { useChannel, useRights } from './use-rights.ts';
import './panels.css';

/** What is pinned in a channel, for everybody to find. */
export function PinsPanel({ channelId }: PanelProps) {
  const channel = useChannel(channelId);
  return <PanelFrame title="Pinned messages">{channel && <Pins channelId={channel.id} />}</PanelFrame>;
}

function Pins({ channelId }: { readonly channelId: string }) {
  const hub = useHub();
  const pins = useHubState(({ channels }) => channels.get(channelId)?.pins);
  const isLive = useHubState(({ connection }) => connection.phase === 'live');
  const rights = useRights(channelId);
  const [loaded, setLoaded] = useState(false);
  const [error, setError] = useState<unknown>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isLive) return;
    setError(undefined);
    hub.loadPins(channelId).then(() => setLoaded(true), setError);
  }, [hub, channelId, isLive, tries]);
  return (
    <div className="panel-body">
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: () => setTries(tries + 1) }}>
          The pinned messages could not be read. {sentenceOf(error)}
        </Notice>
      )}
      {!loaded && error === undefined && <div className="panel-waiting" role="status" aria-label="Loading" />}
      {loaded && pins?.length === 0 && (
        <Notice>
          Nothing is pinned here yet. Pin what everybody should find again: see “More” beside a message.
        </Notice>
      )}
      <ul className="card-list">
        {pins?.map((message) => (
          <PinnedMessage key={message.id} message={message} removable={rights?.pin === true} />
        ))}
      </ul>
    </div>
  );
}

function PinnedMessage({ message, removable }: { readonly message: Message; readonly removable: boolean }) {
  const hub = useHub();
  const toasts = useToasts();
  const sender = useUser(message.senderId);
  const brief = useBriefMoment();
  const { channelId, id: messageId } = message;
  const { run, busy } = useWork(() =>
    hub
      .call('unpinMessage', { params: { channelId, messageId } })
      .then(() => toasts.say('The message is not pinned any more.'), toasts.fail),
  );
  return (
    <li className="message-card">
      <header>
        <Avatar userId={message.senderId} size={24} />
        <b>
          <bdi>{message.senderId === null ? 'Parley' : nameOf(sender)}</bdi>
        </b>
        <time dateTime={new Date(message.timestamp).toISOString()}>{brief(message.timestamp)}</time>
        {removable && <IconButton label="Unpin" icon={PinOff} disabled={busy} onClick={() => void run()} />}
      </header>
      <div className="message-card-body">
        <MessageBody message={message} />
        <Attachments message={message} />
      </div>
      <a
        href={linkTo(message)}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          jumpTo(message);
        }}
      >
        Show in the channel
      </a>
    </li>
  );
}
