import { limits, type User } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { Field } from '../../ui/field.tsx';
import { callAny } from '../../hub/call-any.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { isRole, rolesBelow, useOwnRole } from './roles.ts';

export interface NewPersonProps {
  readonly onClose: () => void;
  readonly onMade: (user: User, setup: RouteReply<'createUser'>['setup']) => void;
}

/** Somebody new. They choose their password themselves. */
export function NewPerson({ onClose, onMade }: NewPersonProps) {
  const role = useOwnRole();
  return (
    <FormDialog
      title="Add a person"
      yes="Add"
      fields={['displayName', 'handle', 'role']}
      onClose={onClose}
      onSubmit={async ({ displayName = '', handle = '', role }) => {
        const body = { kind: 'person', displayName, handle, ...(isRole(role) && { role }) } as const;
        const { user, setup } = await callAny('createUser', { body });
        onMade(user, setup);
      }}
    >
      {(about) => (
        <>
          <Field
            label="Name"
            name="displayName"
            maxLength={limits.displayName}
            autoComplete="off"
            error={about('displayName')}
            dir="auto"
            required
          />
          <Field
            label="Handle"
            name="handle"
            minLength={limits.handleMin}
            maxLength={limits.handle}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            hint="By which others mention them: lowercase letters, digits, “-”, “_” or “.”."
            error={about('handle')}
            required
          />
          <SelectField
            label="Role"
            name="role"
            defaultValue="member"
            choices={rolesBelow(role)}
            error={about('role')}
          />
        </>
      )}
    </FormDialog>
  );
}
