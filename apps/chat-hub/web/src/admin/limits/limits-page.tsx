import { RefreshCw } from 'lucide-react';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Chip } from '../parts/chip.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Waiting } from '../parts/list-table.tsx';
import { PageHead, Section } from '../parts/page-head.tsx';
import { Person } from '../parts/person.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { allowanceOf, limitWords } from './limit-words.ts';

const isId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(text);
const shown = (count: number): string => count.toLocaleString();

/** Who may how often, and who came to the end of it. */
export function LimitsPage() {
  const { value, error, busy, reload } = useLoaded((signal) => callAny('readLimits', { signal }));
  return (
    <>
      <PageHead
        title="Limits"
        about="Who may how often. The counts are of the node that answers, since it began; limits are set where the hub is started, by HUB_LIMITS."
      >
        <Button disabled={busy} onClick={reload}>
          <RefreshCw aria-hidden size={15} /> Look again
        </Button>
      </PageHead>
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: reload }}>
          The limits could not be read. {sentenceOf(error)}
        </Notice>
      )}
      {value === undefined && busy && <Waiting />}
      {value !== undefined && value.away > 0 && (
        <Notice>
          {shown(value.away)} times it was decided without the store in which all nodes count together: each
          node counted for itself, or let through.
        </Notice>
      )}
      {value !== undefined && (
        <>
          <Section title="Refused most">
            {value.denied.length === 0 ? (
              <p className="list-empty">Nobody was refused since this node began.</p>
            ) : (
              <DataTable
                caption="Who was refused most"
                rows={value.denied}
                keyOf={({ name, identity }) => `${name} ${identity}`}
                columns={[
                  {
                    head: 'Who',
                    cell: ({ identity }) =>
                      isId(identity) ? (
                        <Person userId={identity} />
                      ) : (
                        <span className="code">{identity}</span>
                      ),
                  },
                  { head: 'Limit', cell: ({ name }) => <LimitName name={name} /> },
                  { head: 'Refused', numeric: true, cell: ({ denied }) => shown(denied) },
                ]}
              />
            )}
          </Section>
          <Section title="Rules">
            {value.limits.length === 0 ? (
              <p className="list-empty">Nothing is limited in this hub.</p>
            ) : (
              <DataTable
                caption="Limits and what came of them"
                rows={value.limits}
                keyOf={({ name }) => name}
                columns={[
                  { head: 'Limit', cell: ({ name }) => <LimitName name={name} /> },
                  { head: 'Allows', cell: ({ limit, seconds }) => allowanceOf(limit, seconds) },
                  { head: 'Admitted', numeric: true, cell: ({ admitted }) => shown(admitted) },
                  {
                    head: 'Refused',
                    numeric: true,
                    cell: ({ denied }) => (denied === 0 ? '0' : <Chip tone="warn">{shown(denied)}</Chip>),
                  },
                ]}
              />
            )}
          </Section>
        </>
      )}
    </>
  );
}

function LimitName({ name }: { readonly name: string }) {
  const [what, who] = limitWords(name);
  return (
    <span title={name}>
      {what} <span className="soft">of {who}</span>
    </span>
  );
}
