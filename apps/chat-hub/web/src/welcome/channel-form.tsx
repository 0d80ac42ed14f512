import { limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { filled } from '../entrance/filled.ts';
import { useHub } from '../hub/context.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { channelNameOf } from './channel-name-of.ts';
import { enterChannel } from './enter-channel.ts';
import { wrongElsewhere, wrongField } from './wrong-field.ts';

export function ChannelForm({ onDone }: { readonly onDone: () => void }) {
  const hub = useHub();
  const [name, setName] = useState('');
  const { run, busy, error } = useWork(async (form: HTMLFormElement) => {
    const { topic, kind } = filled(form);
    const body = { name, kind: kind === 'private' ? 'private' : 'public', ...(topic && { topic }) } as const;
    const { id } = await hub.call('createChannel', { body });
    await enterChannel(hub, id);
    onDone();
  });
  const elsewhere = wrongElsewhere(error, ['name', 'handle', 'topic']);
  return (
    <form
      className="welcome-form"
      aria-label="Create a channel"
      onSubmit={(event) => {
        event.preventDefault();
        void run(event.currentTarget);
      }}
    >
      {elsewhere && <Notice tone="bad">{elsewhere}.</Notice>}
      <Field
        label="Name"
        name="name"
        value={name}
        onChange={(event) => setName(channelNameOf(event.target.value))}
        maxLength={limits.channelName}
        hint="Lowercase letters, digits, “-” and “_”, such as “release-notes”."
        error={wrongField(error, 'name') ?? wrongField(error, 'handle')}
        autoCapitalize="none"
        autoComplete="off"
        autoFocus
        required
      />
      <Field
        label="Topic (optional)"
        name="topic"
        dir="auto"
        maxLength={limits.topic}
        autoComplete="off"
        error={wrongField(error, 'topic')}
      />
      <fieldset className="welcome-kind">
        <legend>Who can find it</legend>
        <label>
          <input type="radio" name="kind" value="public" defaultChecked /> Everybody in the workspace
        </label>
        <label>
          <input type="radio" name="kind" value="private" /> Only who is invited
        </label>
      </fieldset>
      <Button tone="main" type="submit" disabled={busy}>
        Create the channel
      </Button>
    </form>
  );
}
