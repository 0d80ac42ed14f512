import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { DataTable, type DataTableProps } from './data-table.tsx';
import type { List } from './use-list.ts';

export interface ListTableProps<Row> extends Omit<DataTableProps<Row>, 'rows'> {
  readonly list: List<Row>;
  /** What is said where there is nothing. */
  readonly empty: string;
}

/** A list with all that can be the matter with it: it comes, it fails, it is empty, there is more. */
export function ListTable<Row>({ list, empty, ...table }: ListTableProps<Row>) {
  const { rows, busy, error, reload, more } = list;
  return (
    <div className="list" aria-busy={busy}>
      {rows === undefined && busy && <Waiting />}
      {rows !== undefined && rows.length > 0 && <DataTable {...table} rows={rows} />}
      {rows?.length === 0 && !busy && <p className="list-empty">{empty}</p>}
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: reload }}>
          {rows === undefined ? 'This could not be read. ' : 'The rest could not be read. '}
          {sentenceOf(error)}
        </Notice>
      )}
      {more && (
        <Button className="list-more" disabled={busy} onClick={more}>
          Show more
        </Button>
      )}
    </div>
  );
}

/** Lines in the place of what will stand there. */
export function Waiting({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div className="waiting" aria-hidden>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}
