import { limits, type Channel } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { useWork } from '../ui/use-work.ts';

export interface TopicLineProps {
  readonly channel: Channel;
  readonly editable: boolean;
}

/** What a channel is about just now. A click lets who may write another one. */
export function TopicLine({ channel, editable }: TopicLineProps) {
  const [editing, setEditing] = useState(false);
  const { topic } = channel;
  if (editing && editable) return <TopicForm channel={channel} onEnd={() => setEditing(false)} />;
  if (editable)
    return (
      <button
        type="button"
        className="topic"
        dir="auto"
        title={topic === '' ? 'Say what this channel is about' : `${topic} (click to change)`}
        onClick={() => setEditing(true)}
      >
        <span className="quiet">Topic: </span>
        {topic === '' ? 'Add a topic' : topic}
      </button>
    );
  return topic === '' ? null : (
    <p className="topic" dir="auto" title={topic}>
      {topic}
    </p>
  );
}

function TopicForm({ channel, onEnd }: { readonly channel: Channel; readonly onEnd: () => void }) {
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
