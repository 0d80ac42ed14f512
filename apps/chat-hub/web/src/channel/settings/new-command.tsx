import { limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWork } from '../../ui/use-work.ts';
import { ActorField } from './actor-field.tsx';

export interface NewCommandProps {
  readonly channelId: string;
  readonly onMade: (secret: string | undefined) => void;
  readonly onCancel: () => void;
}

/** A command that is posted to an address. Agents declare those that they answer by themselves. */
export function NewCommand({ channelId, onMade, onCancel }: NewCommandProps) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [url, setUrl] = useState('');
  const [userId, setUserId] = useState('');
  const work = useWork(async () => {
    const body = {
      name: name.trim().replace(/^\//u, ''),
      url: url.trim(),
      ...(description.trim() !== '' && { description: description.trim() }),
      ...(userId !== '' && { userId }),
    };
    onMade((await callAny('createCommand', { params: { channelId }, body })).secret);
  });
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
        placeholder="deploy"
        hint="As it is typed behind the slash"
        value={name}
        maxLength={limits.commandName + 1}
        onChange={({ target }) => setName(target.value.toLowerCase())}
      />
      <Field
        label="What it does"
        dir="auto"
        value={description}
        maxLength={limits.topic}
        onChange={({ target }) => setDescription(target.value)}
      />
      <Field
        label="Address"
        type="url"
        required
        placeholder="https://example.com/command"
        value={url}
        maxLength={limits.webhookUrl}
        onChange={({ target }) => setUrl(target.value)}
      />
      <ActorField label="Answers as" value={userId} onChange={setUserId} />
      {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
      <div className="settings-foot">
        <Button onClick={onCancel}>Cancel</Button>
        <Button tone="main" type="submit" disabled={work.busy}>
          Make the command
        </Button>
      </div>
    </form>
  );
}
