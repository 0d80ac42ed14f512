import { limits } from '@parley/hub-protocol';
import { useRef } from 'react';
import { useHubState } from '../../hub/context.ts';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { formText } from '../parts/form-text.ts';
import { PageHead } from '../parts/page-head.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import './workspace.css';

const levels = [
  { value: 'info', label: 'Information' },
  { value: 'warning', label: 'Warning' },
  { value: 'critical', label: 'Critical' },
] as const;

/** Tells everybody who is connected. */
export function AnnouncePage() {
  const { say } = useToasts();
  const asker = useAsker();
  const form = useRef<HTMLFormElement>(null);
  const connected = useHubState(({ connection }) => connection.phase === 'live');
  const submit = (data: FormData): void => {
    const content = formText(data, 'content');
    const level = levels.find(({ value }) => value === data.get('level'))?.value ?? 'info';
    if (content === '') return;
    asker.ask({
      title: 'Tell everybody?',
      what: 'All people and agents who are connected now see it at once. It cannot be taken back.',
      yes: 'Tell everybody',
      tone: 'main',
      async work() {
        await callAny('announce', { body: { content, level } });
        form.current?.reset();
        say('Everybody who is connected was told.');
      },
    });
  };
  return (
    <>
      <PageHead
        title="Announce"
        about="Tells everybody who is connected now, whatever channel they are in. It is kept nowhere: who comes later does not hear of it. That it was done is in the audit log."
      />
      <form
        ref={form}
        className="workspace-form"
        aria-label="Announcement"
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        <TextField
          label="What everybody should know"
          name="content"
          rows={4}
          maxLength={limits.announcement}
          required
        />
        <SelectField label="How important it is" name="level" defaultValue="info" choices={levels} />
        <div>
          <Button tone="main" type="submit" disabled={!connected}>
            Announce
          </Button>
        </div>
      </form>
      {asker.dialogs}
    </>
  );
}
