import { limits, type Channel } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { useWork } from '../ui/use-work.ts';

export interface TopicFormProps {
  readonly channel: Channel;
  readonly onEnd: () => void;
}

/** Another topic is written in the place of the one that is. */
export function TopicForm({ channel, onEnd }: TopicFormProps) {
  const hub = useHub();
  const [text, setText] = useState(channel.topic);
  const work = useWork(async () => {
    const topic = text.trim();
    if (topic !== channel.topic)
      await hub.call('updateChannel', { params: { channelId: channel.id }, body: { topic } });
    onEnd();
  });
  return (
    <form
      className="topic-form"
      onSubmit={(event) => {
        event.preventDefault();
        void work.run();
      }}
    >
      <input
        autoFocus
        dir="auto"
        aria-label="Topic"
        aria-invalid={work.error !== undefined || undefined}
        value={text}
        maxLength={limits.topic}
        readOnly={work.busy}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => {
          if (text.trim() === channel.topic) onEnd();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onEnd();
        }}
      />
      <span className="topic-hint" role={work.error === undefined ? undefined : 'alert'}>
        {work.error === undefined ? 'Enter saves, Escape leaves it as it was' : sentenceOf(work.error)}
      </span>
    </form>
  );
}
