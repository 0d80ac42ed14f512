import { isHubError, limits, type Channel } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub } from '../../hub/context.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import type { Rights } from '../rights.ts';
import { Section } from './section.tsx';

/** What a channel is called and about. Only what was changed here is sent: what others change meanwhile stays. */
export function AboutForm({ channel, rights }: { readonly channel: Channel; readonly rights: Rights }) {
  const hub = useHub();
  const toasts = useToasts();
  const [edited, setEdited] = useState<{ name?: string; topic?: string; description?: string }>({});
  const { name = channel.name ?? '', topic = channel.topic, description = channel.description } = edited;
  const changes = {
    ...(name !== channel.name && { name: name.trim() }),
    ...(topic !== channel.topic && { topic: topic.trim() }),
    ...(description !== channel.description && { description: description.trim() }),
  };
  const isChanged = Object.keys(changes).length > 0;
  const work = useWork(async () => {
    await hub.call('updateChannel', { params: { channelId: channel.id }, body: changes });
    setEdited({});
    toasts.say('Saved.');
  });
  const isNameWrong =
    isHubError(work.error) && (work.error.field === 'name' || work.error.code === 'NAME_TAKEN');
  return (
    <Section title="About">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void work.run();
        }}
      >
        <Field
          label="Name"
          value={name}
          required
          readOnly={!rights.update}
          maxLength={limits.channelName}
          hint="Small letters, digits, - and _"
          error={isNameWrong ? sentenceOf(work.error) : undefined}
          onChange={({ target }) => setEdited({ ...edited, name: asName(target.value) })}
        />
        <Field
          label="Topic"
          dir="auto"
          value={topic}
          readOnly={!rights.topic}
          maxLength={limits.topic}
          hint="What it is about just now"
          onChange={({ target }) => setEdited({ ...edited, topic: target.value })}
        />
        <TextField
          label="Description"
          rows={3}
          value={description}
          readOnly={!rights.update}
          maxLength={limits.description}
          hint="What it is for"
          onChange={({ target }) => setEdited({ ...edited, description: target.value })}
        />
        {work.error !== undefined && !isNameWrong && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
        {rights.topic && (
          <div className="settings-foot">
            {isChanged && <Button onClick={() => setEdited({})}>Undo</Button>}
            <Button tone="main" type="submit" disabled={!isChanged || work.busy}>
              Save
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}

/** As it is typed after `#`: blanks become dashes while one writes. */
const asName = (text: string): string => text.toLowerCase().replaceAll(/\s+/gu, '-');
