import type { ChannelState } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useSession } from '../hub/context.ts';
import { usePlace } from '../shell/place.ts';
import { EndButton } from '../timeline/end-button.tsx';
import { LogRow } from '../timeline/log-row.tsx';
import { MessageLog, type LogHandle } from '../timeline/message-log.tsx';
import { arrange, rowWith, withOutgoing, type Arranged } from '../timeline/rows.ts';
import { useShownEdit } from '../timeline/use-shown-edit.ts';
import { useLooking } from '../timeline/use-looking.ts';
import { sawThread, useSeen } from './seen.ts';
import type { ThreadView } from './use-thread.ts';

export interface ThreadLogProps {
  readonly root: Message;
  readonly thread: ThreadView;
  readonly state: ChannelState;
}

/** A message and its replies. */
export function ThreadLog({ root, thread: { replies, complete }, state }: ThreadLogProps) {
  const { userId } = useSession();
  const log = useRef<LogHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const looking = useLooking();
  const seen = useSeen(root.id);
  const [since] = useState(seen);
  const { messageId } = usePlace();

  const all = useMemo(() => [root, ...replies], [root, replies]);
  const arranged = useRef<Arranged>(undefined);
  arranged.current = arrange(arranged.current, all, userId);
  const own = arranged.current.rows;
  const { outgoing } = state;
  const rows = useMemo(() => withOutgoing(own, outgoing, root.id, userId), [own, outgoing, root.id, userId]);
  useShownEdit(log, own, true);
  const unread = replies.find(({ timestamp, senderId }) => timestamp > since && senderId !== userId);

  const last = replies.at(-1)?.timestamp;
  useEffect(() => {
    if (last !== undefined && atEnd && looking) sawThread(root.id, last);
  }, [root.id, last, atEnd, looking]);

  const lastOwn = outgoing.findLast(({ threadId }) => threadId === root.id)?.clientId;
  useEffect(() => {
    if (lastOwn !== undefined) log.current?.toEnd();
  }, [lastOwn]);

  const linked = messageId === undefined || messageId === root.id ? -1 : rowWith(own, messageId);
  const linkedKey = own[linked]?.key;
  useEffect(() => {
    if (linkedKey !== undefined) log.current?.toRow(linked, true);
    // The row is shown once, wherever it moves to later.
  }, [linkedKey]);

  const missed = atEnd ? 0 : replies.filter(({ timestamp }) => timestamp > seen).length;
  return (
    <div className="timeline-frame">
      <MessageLog
        ref={log}
        label="Thread"
        rows={rows}
        few="start"
        onEnd={setAtEnd}
        render={(row, { index, tabIndex }) => (
          <>
            {index === 1 && <RepliesLine count={rows.length - 1} complete={complete} />}
            <LogRow
              row={row}
              tabIndex={tabIndex}
              unread={row.kind === 'message' && row.message === unread}
              marked={row.key === linkedKey}
              inThread
            />
            {rows.length === 1 && complete && (
              <p className="thread-empty">
                No replies yet. What you write here stays out of the way of the channel.
              </p>
            )}
          </>
        )}
      />
      {!atEnd && <EndButton unread={missed} onClick={() => log.current?.toEnd()} />}
    </div>
  );
}

function RepliesLine({ count, complete }: { readonly count: number; readonly complete: boolean }) {
  return (
    <p className="replies-line" aria-busy={!complete || undefined}>
      {complete ? (count === 1 ? '1 reply' : `${count} replies`) : 'Replies are being brought…'}
    </p>
  );
}
