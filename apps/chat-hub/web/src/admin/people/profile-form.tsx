import { isHubError, limits } from '@parley/hub-protocol';
import { useSession } from '../../hub/context.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { callAny } from '../../hub/call-any.ts';
import { formText } from '../parts/form-text.ts';
import { Section } from '../parts/page-head.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useOwnerChoices, wordsIn } from './owner-choices.ts';
import { isRole, rolesBelow, useOwnRole } from './roles.ts';
import type { UserSectionProps } from './user-page.tsx';

const fields = ['displayName', 'handle', 'role', 'ownerId', 'model', 'capabilities'];

/** What somebody is called and may do. */
export function ProfileForm({ user, onChange }: UserSectionProps) {
  const { say } = useToasts();
  const role = useOwnRole();
  const mine = useSession().userId === user.id;
  const owners = useOwnerChoices();
  const isAgent = user.kind === 'agent';
  const { run, busy, error } = useWork(async (form: FormData) => {
    const text = (name: string): string => formText(form, name);
    const wanted = text('role');
    const next = await callAny('updateUser', {
      params: { userId: user.id },
      body: {
        displayName: text('displayName'),
        // A handle, a role or an owner that stays is nothing that anybody has to answer for.
        ...(text('handle') !== user.handle && { handle: text('handle') }),
        ...(isRole(wanted) && wanted !== user.role && { role: wanted }),
        ...(isAgent && {
          model: text('model') === '' ? null : text('model'),
          capabilities: wordsIn(text('capabilities')),
          ...(text('ownerId') !== (user.ownerId ?? '') && { ownerId: text('ownerId') || null }),
        }),
      },
    });
    onChange(next);
    say('Saved.');
  });
  const about = (field: string): string | undefined =>
    isHubError(error) && error.field === field ? sentenceOf(error) : undefined;
  const elsewhere = error !== undefined && !fields.some((field) => about(field) !== undefined);
  return (
    <Section title="Profile and role">
      <form
        className="profile-form"
        aria-label="Profile and role"
        onSubmit={(event) => {
          event.preventDefault();
          void run(new FormData(event.currentTarget));
        }}
      >
        {elsewhere && <Notice tone="bad">{sentenceOf(error)}</Notice>}
        <div className="pair">
          <Field
            label="Name"
            name="displayName"
            dir="auto"
            maxLength={limits.displayName}
            defaultValue={user.displayName}
            error={about('displayName')}
            required
          />
          <Field
            label="Handle"
            name="handle"
            minLength={limits.handleMin}
            maxLength={limits.handle}
            autoCapitalize="none"
            spellCheck={false}
            defaultValue={user.handle}
            error={about('handle')}
            required
          />
        </div>
        <SelectField
          label="Role"
          name="role"
          defaultValue={user.role}
          choices={rolesBelow(role)}
          hint={mine ? 'This is you. Give your own role away only if somebody else has it.' : undefined}
          error={about('role')}
        />
        {isAgent && (
          <>
            <SelectField
              label="Owner"
              name="ownerId"
              defaultValue={user.ownerId ?? ''}
              choices={[{ value: '', label: 'Nobody' }, ...owners]}
              hint="The person who answers for it, and looks after its tokens."
              error={about('ownerId')}
            />
            <div className="pair">
              <Field
                label="Model"
                name="model"
                maxLength={limits.model}
                defaultValue={user.model ?? ''}
                error={about('model')}
              />
              <Field
                label="Capabilities"
                name="capabilities"
                defaultValue={user.capabilities.join(', ')}
                hint="With commas between them."
                error={about('capabilities')}
              />
            </div>
          </>
        )}
        <footer>
          <Button tone="main" type="submit" disabled={busy}>
            Save
          </Button>
        </footer>
      </form>
    </Section>
  );
}
