import type { Channel } from '@parley/hub-protocol';
import { useState } from 'react';
import { later } from '../ui/later.tsx';

const TopicForm = later(
  () => import('./topic-form.tsx').then((part) => part.TopicForm),
  ({ channel: { topic } }) => <p className="topic">{topic}</p>,
);

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
