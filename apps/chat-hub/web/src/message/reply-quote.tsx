import type { Message } from '@parley/hub-protocol';
import { CornerUpRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useHub, useHubState, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { withoutMarks } from '../markdown/without-marks.ts';
import { go, readPlace } from '../shell/place.ts';

export interface ReplyQuoteProps {
  readonly channelId: string;
  readonly messageId: string;
}

const shown = 160;

/** The message that one answers, in one line that leads to it. */
export function ReplyQuote({ channelId, messageId }: ReplyQuoteProps) {
  const hub = useHub();
  const here = useMessage(channelId, messageId);
  const [read, setRead] = useState<Message | 'gone'>();
  const missing = here === undefined;
  useEffect(() => {
    if (!missing) return undefined;
    let left = false;
    hub.call('readMessage', { params: { channelId, messageId } }).then(
      (message) => left || setRead(message),
      () => left || setRead('gone'),
    );
    return () => {
      left = true;
    };
  }, [hub, channelId, messageId, missing]);
  const message = here ?? (read === 'gone' ? undefined : read);
  const sender = nameOf(useUser(message?.senderId ?? null));
  const gone = read === 'gone' || message?.deletedAt != null;
  return (
    <button
      type="button"
      className="reply-quote"
      onClick={() => go({ view: 'channel', channelId, messageId, panel: readPlace(location.hash).panel })}
    >
      <CornerUpRight aria-hidden size={14} />
      {gone ? (
        <span>A message that is not there any more</span>
      ) : (
        <>
          <b>
            <bdi>{message === undefined ? '…' : message.senderId === null ? 'Parley' : sender}</bdi>
          </b>
          <span dir="auto">
            {message && (withoutMarks(message.content).slice(0, shown) || 'An attachment')}
          </span>
        </>
      )}
    </button>
  );
}

/** A message of the channel, if it is here. It is found again where it was, so that others cost nothing. */
function useMessage(channelId: string, messageId: string): Message | undefined {
  const last = useRef<{ first: Message | undefined; at: number }>({ first: undefined, at: -1 });
  return useHubState(({ channels }) => {
    const messages = channels.get(channelId)?.messages ?? [];
    const { current } = last;
    const [first] = messages;
    // What comes behind is newer than what it answers.
    if (messages[current.at]?.id !== messageId && current.first !== first)
      current.at = messages.findLastIndex(({ id }) => id === messageId);
    current.first = first;
    return messages[current.at];
  });
}
