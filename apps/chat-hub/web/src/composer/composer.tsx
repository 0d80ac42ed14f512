import { useState } from 'react';
import { useHub } from '../hub/context.ts';
import './composer.css';

export interface ComposerProps {
  readonly channelId: string;
  readonly threadId: string | null;
}

/** Where one writes. */
export function Composer({ channelId, threadId }: ComposerProps) {
  const hub = useHub();
  const [text, setText] = useState('');
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        hub
          .send(channelId, { content: text, ...(threadId !== null && { threadId }) })
          .message.catch(() => {});
        setText('');
      }}
    >
      <textarea
        aria-label="Message"
        placeholder="Write a message"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          hub.typing(channelId, 'start', threadId ?? undefined);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
    </form>
  );
}
