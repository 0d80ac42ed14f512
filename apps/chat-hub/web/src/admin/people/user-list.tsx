import type { User, UserKind } from '@parley/hub-protocol';
import { useDeferredValue, useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { callAny } from '../../hub/call-any.ts';
import type { Column } from '../parts/data-table.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Person } from '../parts/person.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';
import { roleNames } from './roles.ts';
import { UserStatus } from './user-status.tsx';

const states = [
  { value: 'active', label: 'Active' },
  { value: 'gone', label: 'Deactivated' },
] as const;

const common: readonly Column<User>[] = [
  { head: 'Role', cell: ({ role }) => roleNames[role] },
  { head: 'Status', cell: (user) => <UserStatus user={user} /> },
];

const columns: Readonly<Record<UserKind, readonly Column<User>[]>> = {
  person: [
    { head: 'Name', cell: (user) => <Person userId={user.id} user={user} size={32} /> },
    ...common,
    { head: 'Joined', cell: ({ createdAt }) => <When at={createdAt} /> },
  ],
  agent: [
    { head: 'Name', cell: (user) => <Person userId={user.id} user={user} size={32} /> },
    { head: 'Owner', cell: ({ ownerId }) => ownerId && <Person userId={ownerId} /> },
    { head: 'Model', cell: ({ model }) => model },
    ...common,
  ],
};

/** The directory, page by page. */
export function UserList({ kind }: { readonly kind: UserKind }) {
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const [state, setState] = useState<string>('active');
  const list = useList(
    (cursor, signal) =>
      callAny('listUsers', {
        query: { kind, query: query === '' ? undefined : query, deactivated: state === 'gone', cursor },
        signal,
      }),
    `${state} ${query}`,
  );
  const what = kind === 'agent' ? 'agent' : 'person';
  return (
    <>
      <div className="filters" role="search">
        <Field
          label="Find"
          type="search"
          placeholder="Name or handle"
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <SelectField
          label="Status"
          choices={states}
          value={state}
          onChange={(event) => setState(event.target.value)}
        />
      </div>
      <ListTable
        caption={kind === 'agent' ? 'Agents' : 'People'}
        columns={columns[kind]}
        keyOf={({ id }) => id}
        list={list}
        empty={
          query === ''
            ? state === 'gone'
              ? `No ${what} is deactivated.`
              : `There is no ${what} yet.`
            : `No ${what} is called like this.`
        }
      />
    </>
  );
}
