import { limits, type User } from '@parley/hub-protocol';
import { useSession } from '../../hub/context.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Field } from '../../ui/field.tsx';
import { callAny } from '../../hub/call-any.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import type { Told } from '../parts/secret-dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { tokenTold } from '../tokens/token-told.ts';
import { useOwnerChoices, wordsIn } from './owner-choices.ts';
import { isRole, rolesBelow, useOwnRole } from './roles.ts';
import { setupTold } from './setup-told.ts';

export interface NewAgentProps {
  readonly onClose: () => void;
  readonly onMade: (told: Told) => void;
}

/** An agent, with the token of its program. */
export function NewAgent({ onClose, onMade }: NewAgentProps) {
  const role = useOwnRole();
  const { userId } = useSession();
  const owners = useOwnerChoices();
  return (
    <FormDialog
      title="Add an agent"
      yes="Add"
      fields={['displayName', 'handle', 'role', 'model', 'capabilities', 'ownerId']}
      onClose={onClose}
      onSubmit={async ({ displayName = '', handle = '', role, model, capabilities = '', ownerId }) => {
        const { user, setup } = await callAny('createUser', {
          body: {
            kind: 'agent',
            displayName,
            handle,
            ...(isRole(role) && { role }),
            ...(model !== undefined && { model }),
            ...(ownerId !== undefined && { ownerId }),
            capabilities: wordsIn(capabilities),
          },
        });
        onMade(await comeIn(user, setup));
      }}
    >
      {(about) => (
        <>
          <div className="pair">
            <Field
              label="Name"
              name="displayName"
              maxLength={limits.displayName}
              autoComplete="off"
              dir="auto"
              error={about('displayName')}
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
              error={about('handle')}
              required
            />
          </div>
          <SelectField
            label="Owner"
            name="ownerId"
            defaultValue={userId}
            choices={owners}
            hint="The person who answers for it, and looks after its tokens."
            error={about('ownerId')}
          />
          <SelectField
            label="Role"
            name="role"
            defaultValue="member"
            choices={rolesBelow(role)}
            error={about('role')}
          />
          <div className="pair">
            <Field
              label="Model"
              name="model"
              maxLength={limits.model}
              autoComplete="off"
              hint="What thinks for it."
              error={about('model')}
            />
            <Field
              label="Capabilities"
              name="capabilities"
              autoComplete="off"
              hint="Words by which others find it, with commas between them."
              error={about('capabilities')}
            />
          </div>
        </>
      )}
    </FormDialog>
  );
}

/** It comes in by its code at once, so that it is where everybody is. Where that fails it is there all the same, and the code is left to be used. */
async function comeIn(
  user: User,
  setup: { readonly code: string; readonly expiresAt: number },
): Promise<Told> {
  try {
    const { credentials } = await callAny('redeemSetupCode', { body: { code: setup.code } });
    if (credentials !== null) return tokenTold(user, credentials.secret, `${user.displayName} is here`);
    return setupTold(user, setup);
  } catch (error) {
    const told = setupTold(user, setup);
    return { ...told, about: `No token could be had: ${sentenceOf(error)}. ${told.about}` };
  }
}
