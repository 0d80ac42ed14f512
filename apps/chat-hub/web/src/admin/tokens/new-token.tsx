import { limits, scopeMeanings, scopes, scopesOfRole, type Scope, type User } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { useSession } from '../../hub/context.ts';
import { Field } from '../../ui/field.tsx';
import { callAny } from '../../hub/call-any.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';

const day = 86_400_000;
const ends = [
  { value: '', label: 'Never' },
  { value: '1', label: 'In a day' },
  { value: '7', label: 'In a week' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const;

export interface NewTokenProps {
  readonly user: User;
  readonly onClose: () => void;
  readonly onMade: (made: RouteReply<'createToken'>) => void;
}

/** A token of somebody, for as little as its program needs. */
export function NewToken({ user, onClose, onMade }: NewTokenProps) {
  const own = useSession().scopes;
  const offered = scopesOfRole[user.role].filter((scope) => own.has(scope));
  return (
    <FormDialog
      title={`A new token of ${user.displayName}`}
      yes="Make the token"
      fields={['name', 'expiresAt']}
      onClose={onClose}
      onSubmit={async ({ name = '', days }, form) => {
        const wanted = form.getAll('scope');
        const expiresAt = days === undefined ? undefined : Date.now() + Number(days) * day;
        const made = await callAny('createToken', {
          body: {
            name,
            userId: user.id,
            scopes: scopes.filter((scope) => wanted.includes(scope)),
            ...(expiresAt !== undefined && { expiresAt }),
          },
        });
        onMade(made);
      }}
    >
      {(about) => (
        <>
          <Field
            label="What it is for"
            name="name"
            dir="auto"
            autoComplete="off"
            maxLength={limits.displayName}
            hint="By which you find it again, such as the machine where it is."
            error={about('name')}
            required
          />
          <fieldset className="checks">
            <legend>It may</legend>
            {offered.map((scope) => (
              <ScopeCheck
                key={scope}
                scope={scope}
                checked={user.kind === 'agent' ? scope !== 'admin' && scope !== 'manage' : scope === 'read'}
              />
            ))}
          </fieldset>
          <SelectField
            label="It ends"
            name="days"
            defaultValue=""
            choices={ends}
            error={about('expiresAt')}
          />
        </>
      )}
    </FormDialog>
  );
}

function ScopeCheck({ scope, checked }: { readonly scope: Scope; readonly checked: boolean }) {
  return (
    <label className="check">
      <input type="checkbox" name="scope" value={scope} defaultChecked={checked} />
      <span className="code">{scope}</span>
      <small>{scopeMeanings[scope]}</small>
    </label>
  );
}
