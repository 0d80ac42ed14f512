import { limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWork } from '../../ui/use-work.ts';

const choices = [
  { label: 'New messages', events: ['channel.message'] },
  { label: 'Replies in threads', events: ['thread.create', 'thread.message'] },
  { label: 'Edits and deletions', events: ['channel.message.edit', 'channel.message.delete'] },
  { label: 'Reactions', events: ['channel.reaction.add', 'channel.reaction.remove'] },
  { label: 'Pins', events: ['channel.message.pin', 'channel.message.unpin'] },
  {
    label: 'Members',
    events: ['channel.member.join', 'channel.member.leave', 'channel.member.update'],
  },
  { label: 'The channel itself', events: ['channel.update', 'channel.archive', 'channel.delete'] },
] as const;

export interface NewOutgoingProps {
  readonly channelId: string;
  readonly onMade: (secret: string) => void;
  readonly onCancel: () => void;
}

export function NewOutgoing({ channelId, onMade, onCancel }: NewOutgoingProps) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set([choices[0].label]));
  const work = useWork(async () => {
    const events = choices.flatMap(({ label, events }) => (chosen.has(label) ? [...events] : []));
    const body = { name: name.trim(), url: url.trim(), events };
    onMade((await callAny('createWebhook', { params: { channelId }, body })).secret);
  });
  const toggle = (label: string): void => {
    const next = new Set(chosen);
    if (!next.delete(label)) next.add(label);
    setChosen(next);
  };
  return (
    <form
      className="settings-new"
      onSubmit={(event) => {
        event.preventDefault();
        void work.run();
      }}
    >
      <Field
        label="Name"
        autoFocus
        required
        dir="auto"
        placeholder="Ticket system"
        value={name}
        maxLength={limits.displayName}
        onChange={({ target }) => setName(target.value)}
      />
      <Field
        label="Address"
        type="url"
        required
        placeholder="https://example.com/hook"
        value={url}
        maxLength={limits.webhookUrl}
        onChange={({ target }) => setUrl(target.value)}
      />
      <fieldset className="settings-choices">
        <legend>It is told of</legend>
        {choices.map(({ label }) => (
          <label key={label}>
            <input type="checkbox" checked={chosen.has(label)} onChange={() => toggle(label)} />
            {label}
          </label>
        ))}
      </fieldset>
      {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
      <div className="settings-foot">
        <Button onClick={onCancel}>Cancel</Button>
        <Button tone="main" type="submit" disabled={work.busy || chosen.size === 0}>
          Begin to tell
        </Button>
      </div>
    </form>
  );
}
