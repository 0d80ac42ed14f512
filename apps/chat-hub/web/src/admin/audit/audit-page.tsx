import type { AuditRecord } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHubState } from '../../hub/context.ts';
import { callAny } from '../../hub/call-any.ts';
import { ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Person } from '../parts/person.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';
import { actionWords } from './action-words.ts';
import { AuditFilters, noFilters, type Filters } from './audit-filters.tsx';
import { ChainSection } from './chain-section.tsx';
import { dayOf } from './days.ts';
import { EntryDetails, EntrySubject } from './entry-parts.tsx';
import './audit.css';

/** What was done that somebody may have to answer for. */
export function AuditPage() {
  const [filters, setFilters] = useState<Filters>(noFilters);
  const users = useHubState((state) => state.users);
  const { action, by, from, to } = filters;
  const handle = by.trim().replace(/^@/u, '').toLowerCase();
  const actorId = [...users.values()].find((user) => user.handle === handle)?.id;
  const unknown = handle !== '' && actorId === undefined;
  const list = useList(
    async (cursor, signal) =>
      unknown
        ? { items: [], next: null }
        : callAny('listAudit', {
            query: {
              cursor,
              actorId,
              action: action === '' ? undefined : action,
              since: dayOf(from),
              until: dayOf(to, 1),
            },
            signal,
          }),
    JSON.stringify([action, actorId, unknown, from, to]),
  );
  return (
    <>
      <PageHead
        title="Audit log"
        about="Who did what that somebody may have to answer for. Entries are added and never changed, and hold no secret and nothing that somebody wrote."
      />
      <AuditFilters filters={filters} onChange={setFilters} unknown={unknown} />
      <ListTable
        caption="Audit log, the latest first"
        keyOf={keyOf}
        list={list}
        empty="Nothing of this kind was done."
        columns={[
          { head: 'When', cell: ({ entry }) => entry && <When at={entry.at} /> },
          { head: 'Who', cell: ({ entry }) => entry && <Actor record={entry} /> },
          {
            head: 'What',
            cell: ({ entry }) =>
              entry && <span title={entry.action}>{actionWords[entry.action] ?? entry.action}</span>,
          },
          { head: 'To', cell: ({ entry }) => entry && <EntrySubject entry={entry} /> },
          { head: 'More', cell: (record) => <EntryDetails record={record} /> },
        ]}
      />
      <ChainSection />
    </>
  );
}

const keyOf = ({ seq, entry }: AuditRecord): string => entry?.id ?? `seal ${seq}`;

function Actor({ record: { actorId, address } }: { readonly record: NonNullable<AuditRecord['entry']> }) {
  if (actorId !== null) return <Person userId={actorId} />;
  return address === null ? <span className="soft">The hub</span> : <span className="code">{address}</span>;
}
