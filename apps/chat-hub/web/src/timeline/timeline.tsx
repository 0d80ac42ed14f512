import { useEffect } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { MessageRow } from '../message/message-row.tsx';
import './timeline.css';

export interface TimelineProps {
  readonly channelId: string;
  /** The message that a link leads to. */
  readonly messageId: string | undefined;
}

/** What was said in a channel, the latest at the end. */
export function Timeline({ channelId }: TimelineProps) {
  const hub = useHub();
  const state = useHubState(({ channels }) => channels.get(channelId));
  useEffect(() => void hub.loadOlder(channelId).catch(() => {}), [hub, channelId]);
  return (
    <section className="timeline" aria-label="Messages" role="log" tabIndex={0}>
      {state?.messages.map((message) => (
        <MessageRow key={message.id} message={message} />
      ))}
    </section>
  );
}
