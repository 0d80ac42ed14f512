import { outranks, type User } from '@parley/hub-protocol';
import { useHubState, useIsAdmin, useSession, useUser } from '../../hub/context.ts';
import { SelectField } from '../../ui/select-field.tsx';

export interface ActorFieldProps {
  readonly label: string;
  /** Empty: oneself. */
  readonly value: string;
  readonly onChange: (userId: string) => void;
}

/** In whose name a program acts: oneself or an own agent; for administrators also those below them. */
export function ActorField({ label, value, onChange }: ActorFieldProps) {
  const { userId } = useSession();
  const me = useUser(userId);
  const isAdmin = useIsAdmin();
  const users = useHubState((state) => state.users);
  const mayBe = (user: User): boolean =>
    user.id !== userId &&
    user.deactivatedAt === null &&
    (user.ownerId === userId || (isAdmin && me !== undefined && outranks(me.role, user.role)));
  const others = [...users.values()]
    .filter(mayBe)
    .toSorted((one, other) => one.displayName.localeCompare(other.displayName));
  return (
    <SelectField
      label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      choices={[
        { value: '', label: me ? `Me (@${me.handle})` : 'Me' },
        ...others.map(({ id, displayName, handle }) => ({ value: id, label: `${displayName} (@${handle})` })),
      ]}
    />
  );
}
