import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useHubState, useSession } from '../hub/context.ts';
import { Notice } from '../ui/notice.tsx';
import { sentenceOf } from '../hub/problem.ts';
import { later } from '../ui/later.tsx';
import { EndButton } from './end-button.tsx';
import { LogRow } from './log-row.tsx';
import { LogSkeleton } from './log-skeleton.tsx';
import { Beginning, LogStart } from './log-start.tsx';
import { MessageLog, type LogHandle } from './message-log.tsx';
import { arrange, rowWith, withOutgoing, type Arranged } from './rows.ts';
import { useJump } from './use-jump.ts';
import { useOlder } from './use-older.ts';
import { useFirstUnread } from './use-first-unread.ts';
import { beganBefore, firstUnread, useReading } from './use-reading.ts';
import { useShownEdit } from './use-shown-edit.ts';

/** Both are there for some and not for most. */
const UnreadNotice = later(() => import('./unread-notice.tsx').then((part) => part.UnreadNotice));
const JumpNotice = later(() => import('./jump-notice.tsx').then((part) => part.JumpNotice));

export interface TimelineProps {
  readonly channelId: string;
  /** The message that a link leads to. */
  readonly messageId: string | undefined;
}

const few = 30;
const markedMs = 3_000;

/** What was said in a channel, the latest at the end. */
export function Timeline({ channelId, messageId }: TimelineProps) {
  const { userId } = useSession();
  const state = useHubState(({ channels }) => channels.get(channelId));
  const ready = useHubState((all) => all.ready);
  const log = useRef<LogHandle>(null);
  const [atEnd, setAtEnd] = useState(messageId === undefined);
  const older = useOlder(channelId, state?.older === true);
  const missed = useReading(state, atEnd);
  const since = missed?.since;
  const { jump, end, again } = useJump(channelId, messageId);
  const [came] = useState(messageId);
  const [marked, setMarked] = useState<string>();

  const arranged = useRef<Arranged>(undefined);
  const messages = state?.messages ?? none;
  arranged.current = arrange(arranged.current, messages, userId);
  const own = arranged.current.rows;
  const outgoing = state?.outgoing ?? none;
  const rows = useMemo(() => withOutgoing(own, outgoing, null, userId), [own, outgoing, userId]);
  const isOlder = state?.older === true;
  const unreadKey = firstUnread(own, since, isOlder, userId);
  const isFurther = beganBefore(own, since, isOlder);
  const way = useFirstUnread(channelId, since);
  useShownEdit(log, own, false);

  const { load } = older;
  useEffect(() => {
    if (messages.length < few) load();
  }, [load, messages.length, state?.older]);

  const found = jump.at === 'found' ? rowWith(own, jump.messageId) : -1;
  const foundKey = own[found]?.key;
  useEffect(() => {
    if (foundKey === undefined) return undefined;
    setMarked(foundKey);
    log.current?.toRow(found, true);
    end();
    return undefined;
    // The row is shown once, wherever it moves to later.
  }, [foundKey, end]);
  useEffect(() => {
    if (marked === undefined) return undefined;
    const timer = setTimeout(() => setMarked(undefined), markedMs);
    return () => clearTimeout(timer);
  }, [marked]);

  const unreadAt = way.at === 'here' ? own.findIndex(({ key }) => key === unreadKey) : -1;
  const { end: endWay } = way;
  useEffect(() => {
    if (unreadAt < 0) return;
    log.current?.toRow(unreadAt, true);
    endWay();
  }, [unreadAt, endWay]);

  const lastOwn = outgoing.at(-1)?.clientId;
  useEffect(() => {
    if (lastOwn === undefined) return;
    // Whoever says something wants to see it, and no longer what a link led to.
    end();
    log.current?.toEnd();
  }, [lastOwn, end]);

  const start = useMemo(
    () => (state === undefined ? null : <LogStart state={state} older={older} />),
    [state, older],
  );
  const onStartNear = useCallback(() => load(), [load]);

  if (state === undefined)
    return (
      <div className="timeline-frame">
        {ready ? (
          <div className="log-empty">
            <Notice>You are not in this channel, or there is no such channel any more.</Notice>
          </div>
        ) : (
          <LogSkeleton />
        )}
      </div>
    );
  const { unread } = state.reading;
  return (
    <div className="timeline-frame">
      {(jump.at === 'looking' || jump.at === 'failed') && (
        <JumpNotice
          jump={jump}
          arrival={came === messageId ? log : null}
          isFilled={rows.length > 0}
          onEnd={end}
          onAgain={again}
        />
      )}
      {missed !== undefined && isFurther && jump.at === 'rest' && rows.length > 0 && (
        <UnreadNotice count={missed.count} way={way} />
      )}
      {rows.length > 0 ? (
        <MessageLog
          ref={log}
          label="Messages"
          rows={rows}
          fromEnd={messageId === undefined}
          onStartNear={onStartNear}
          onEnd={setAtEnd}
          render={(row, { index, tabIndex }) => (
            <LogRow
              row={row}
              tabIndex={tabIndex}
              unread={row.key === unreadKey}
              marked={row.key === marked}
              start={index === 0 ? start : undefined}
            />
          )}
        />
      ) : !state.older ? (
        <div className="log-empty">
          <Beginning state={state} />
        </div>
      ) : older.error === undefined ? (
        <LogSkeleton />
      ) : (
        <div className="log-empty">
          <Notice tone="bad" action={{ label: 'Try again', onClick: older.retry }}>
            The messages could not be brought. {sentenceOf(older.error)}.
          </Notice>
        </div>
      )}
      {!atEnd && rows.length > 0 && <EndButton unread={unread} onClick={() => log.current?.toEnd()} />}
    </div>
  );
}

const none: readonly never[] = [];
