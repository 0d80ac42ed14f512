import { DataTable } from '../parts/data-table.tsx';
import { charts } from './charts.ts';
import type { Point } from './figures.ts';
import { units } from './units.ts';

/** What the charts draw, in numbers. */
export function FigureTable({ points }: { readonly points: readonly Point[] }) {
  const rows = charts.flatMap(({ title, unit, lines }) =>
    lines.map(({ name, label }) => {
      const values = points.flatMap((point) => point[name] ?? []);
      const now = points.at(-1)?.[name];
      const write = (value: number | undefined): string => (value === undefined ? '–' : units[unit](value));
      return {
        what: lines.length === 1 ? title : `${title}, ${label}`,
        now: write(now),
        average: write(values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length),
        highest: write(values.length === 0 ? undefined : Math.max(...values)),
      };
    }),
  );
  return (
    <DataTable
      caption="Figures of the last five minutes"
      rows={rows}
      keyOf={({ what }) => what}
      columns={[
        { head: 'Figure', cell: ({ what }) => what },
        { head: 'Now', numeric: true, cell: ({ now }) => now },
        { head: 'On average', numeric: true, cell: ({ average }) => average },
        { head: 'At most', numeric: true, cell: ({ highest }) => highest },
      ]}
    />
  );
}
