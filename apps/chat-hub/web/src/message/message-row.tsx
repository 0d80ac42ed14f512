import type { Outgoing } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { memo } from 'react';
import { useSession, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { ThreadSummary } from '../thread/thread-summary.tsx';
import { fullTimeOf, useTimeFormat } from '../preferences/times.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Attachments } from './attachments.tsx';
import { EditForm } from './edit-form.tsx';
import { useIsEdited } from './editing.ts';
import { MessageActions } from './message-actions.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageHead } from './message-head.tsx';
import { calls, EditedMark, PinnedMark } from './marks.tsx';
import { Reactions } from './reactions.tsx';
import { ReplyQuote } from './reply-quote.tsx';
import { SendingState } from './sending-state.tsx';
import { SystemLine } from './system-line.tsx';
import './message.css';

export interface MessageRowProps {
  readonly message: Message;
  /** Whether it says who speaks. @default true */
  readonly head?: boolean;
  /** By which the log knows the row. @default the id of the message */
  readonly rowKey?: string;
  readonly tabIndex?: 0 | -1;
  /** Whether a link led to it. */
  readonly marked?: boolean;
  /** Set while it is not in the log. */
  readonly outgoing?: Outgoing | undefined;
  /** Whether it stands in the panel of its thread, which needs no way there. */
  readonly inThread?: boolean | undefined;
}

/** A message: who, when and what. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, head = true, rowKey = message.id, tabIndex, marked, outgoing, inThread } = props;
  const sender = useUser(message.senderId);
  const me = useUser(useSession().userId);
  const edited = useIsEdited(message.id, inThread === true);
  const at = message.timestamp;
  const clock = useTimeFormat();
  const name = message.senderId === null ? 'Parley' : nameOf(sender);
  const here = message.deletedAt === null;
  if (message.kind === 'system') return <SystemLine message={message} rowKey={rowKey} tabIndex={tabIndex} />;
  return (
    <article
      className="message"
      data-message={message.id}
      data-row={rowKey}
      data-head={head || undefined}
      data-marked={marked || undefined}
      data-mentioned={(me !== undefined && calls(message, me)) || undefined}
      data-pinned={message.pinnedAt !== null || undefined}
      data-state={outgoing?.state}
      aria-label={`${name}, ${clock.format(at)}`}
      aria-busy={message.streaming === 'open' || undefined}
      tabIndex={tabIndex}
    >
      <div className="message-side">
        {head ? (
          // For the pointer; the name beside it is there for the keyboard.
          <span data-user={message.senderId ?? undefined}>
            <Avatar userId={message.senderId} />
          </span>
        ) : (
          <time dateTime={new Date(at).toISOString()} title={fullTimeOf(at)}>
            {clock.format(at)}
          </time>
        )}
      </div>
      <div className="message-main">
        {message.pinnedAt !== null && <PinnedMark />}
        {message.replyTo !== null && <ReplyQuote channelId={message.channelId} messageId={message.replyTo} />}
        {head && <MessageHead message={message} name={name} sender={sender} />}
        {edited ? <EditForm message={message} /> : <MessageBody message={message} />}
        {here && message.editedAt !== null && <EditedMark message={message} />}
        {here && <Attachments message={message} />}
        {here && <Reactions message={message} />}
        {outgoing !== undefined && <SendingState outgoing={outgoing} />}
        {inThread !== true && message.thread !== null && message.thread.replies > 0 && (
          <ThreadSummary message={message} thread={message.thread} />
        )}
      </div>
      {outgoing === undefined && <MessageActions message={message} inThread={inThread === true} />}
    </article>
  );
});
