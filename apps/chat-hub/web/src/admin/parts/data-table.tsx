import type { ReactNode } from 'react';
import './data-table.css';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** What can be done with a row: its head is only heard, and it stands at the end. */
  readonly actions?: boolean;
}

export interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/**
 * Rows of what there is. Where there is little room each row is a card with the heads before the cells. Browsers forget that a table is one when it
 * is laid out in another way, so the roles are said.
 */
export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <table role="table" className="data-table">
      <caption className="quiet">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, numeric, actions }) => (
            <th key={head} role="columnheader" scope="col" data-numeric={numeric}>
              {actions ? <span className="quiet">{head}</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ head, cell, numeric, actions }) => (
              <td
                key={head}
                role="cell"
                data-head={actions ? undefined : head}
                data-numeric={numeric}
                data-actions={actions}
              >
                <Cell>{cell(row)}</Cell>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One box, so that it stays beside its head in a card; what is not there leaves no trace. */
function Cell({ children }: { readonly children: ReactNode }) {
  return children === null || children === undefined || children === false ? null : <div>{children}</div>;
}
