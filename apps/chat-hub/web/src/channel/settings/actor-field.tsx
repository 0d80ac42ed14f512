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
    <SelectField label={label} value={value} onChange={onChange}>
      <option value="">Me{me ? ` (@${me.handle})` : ''}</option>
      {others.map((user) => (
        <option key={user.id} value={user.id}>
          {user.displayName} (@{user.handle})
        </option>
      ))}
    </SelectField>
  );
}
