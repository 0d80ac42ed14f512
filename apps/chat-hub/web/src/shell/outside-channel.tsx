import type { Channel } from '@parley/hub-protocol';
import { Hash, Menu } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Stranger } from '../composer/stranger.tsx';
import { useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { useProfileLinks } from '../members/open-profile.ts';
import { LogRow } from '../timeline/log-row.tsx';
import { LogSkeleton } from '../timeline/log-skeleton.tsx';
import { MessageLog, type LogHandle } from '../timeline/message-log.tsx';
import { arrange, rowWith, type Arranged } from '../timeline/rows.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useOutsideLog } from './use-outside-log.ts';
import '../channel/channel.css';
import '../composer/composer.css';

export interface OutsideChannelProps {
  readonly channel: Channel;
  readonly messageId: string | undefined;
  readonly onMenu: () => void;
}

/** A public channel that one is not in: it can be read, and there is a way in. */
export function OutsideChannel({ channel, messageId, onMenu }: OutsideChannelProps) {
  const { userId } = useSession();
  const { messages, older, missing, error, loadOlder, retry } = useOutsideLog(channel.id, messageId);
  useProfileLinks();
  const log = useRef<LogHandle>(null);
  const arranged = useRef<Arranged>(undefined);
  if (messages !== undefined) arranged.current = arrange(arranged.current, messages, userId);
  const rows = arranged.current?.rows ?? [];
  const found = messageId === undefined ? -1 : rowWith(rows, messageId);
  const foundKey = rows[found]?.key;
  useEffect(() => {
    if (foundKey !== undefined) log.current?.toRow(found, true);
    // It is shown once, wherever it moves to later.
  }, [foundKey]);
  return (
    <main id="main" className="main" tabIndex={-1}>
      <header className="channel-head">
        <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
        <div className="channel-title">
          <h2>
            <Hash aria-hidden size={17} />
            <span className="quiet">Channel </span>
            <span dir="auto">{channel.name}</span>
          </h2>
          {channel.topic !== '' && (
            <p className="topic" dir="auto">
              {channel.topic}
            </p>
          )}
        </div>
      </header>
      <div className="timeline-frame">
        {error !== undefined && (
          <Notice tone="bad" action={{ label: 'Try again', onClick: retry }}>
            The messages could not be brought. {sentenceOf(error)}.
          </Notice>
        )}
        {missing && <Notice tone="bad">The message that the link leads to is not in this channel.</Notice>}
        {messages === undefined ? (
          error === undefined && <LogSkeleton />
        ) : rows.length === 0 ? (
          <div className="log-empty">
            <p>Nothing has been said here yet.</p>
          </div>
        ) : (
          <MessageLog
            ref={log}
            label="Messages"
            rows={rows}
            fromEnd={messageId === undefined || missing}
            onStartNear={loadOlder}
            render={(row, { index, tabIndex }) => (
              <LogRow
                row={row}
                tabIndex={tabIndex}
                unread={false}
                marked={row.key === foundKey}
                start={
                  index === 0 && older ? <div className="log-older">Bringing older messages…</div> : undefined
                }
              />
            )}
          />
        )}
      </div>
      <Stranger channel={channel} />
    </main>
  );
}
