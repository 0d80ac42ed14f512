import { useEffect } from 'react';
import { ChannelHeader } from '../channel/channel-header.tsx';
import { Composer } from '../composer/composer.tsx';
import { useHub } from '../hub/context.ts';
import { NotificationHint } from '../notifications/notification-hint.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { TypingLine } from '../timeline/typing-line.tsx';
import { FirstStepsHere } from '../welcome/first-steps-here.tsx';

export interface ChannelViewProps {
  readonly channelId: string;
  readonly messageId: string | undefined;
  readonly onMenu: () => void;
}

/** A channel: its head, what is said, who types, and where one writes. */
export function ChannelView({ channelId, messageId, onMenu }: ChannelViewProps) {
  const hub = useHub();
  useEffect(() => hub.watch(channelId), [hub, channelId]);
  return (
    <main id="main" className="main" tabIndex={-1}>
      <ChannelHeader channelId={channelId} onMenu={onMenu} />
      <NotificationHint />
      <FirstStepsHere channelId={channelId} />
      <Timeline channelId={channelId} messageId={messageId} />
      <TypingLine channelId={channelId} threadId={null} />
      <Composer channelId={channelId} threadId={null} />
    </main>
  );
}
