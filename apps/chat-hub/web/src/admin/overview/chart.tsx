import type { ChartKind } from './charts.ts';
import type { Point, PointName } from './figures.ts';
import { units } from './units.ts';
import { shownMs } from './use-figures.ts';
import { spanText } from './units.ts';
import './overview.css';

const width = 300;
const height = 72;
/** A line that has just begun is drawn larger. */
const leastMs = 60_000;

export interface ChartProps {
  readonly kind: ChartKind;
  readonly points: readonly Point[];
}

/** How something went in the last minutes. What is drawn is said in words beside it, and in the table below. */
export function Chart({ kind: { title, unit, lines, least, about }, points }: ChartProps) {
  const write = units[unit];
  const valuesOf = (name: PointName): number[] => points.flatMap((point) => point[name] ?? []);
  const most = Math.max(least, ...lines.flatMap(({ name }) => valuesOf(name)));
  const now = points.at(-1);
  const spanMs = Math.min(shownMs, Math.max(leastMs, (now?.at ?? 0) - (points[0]?.at ?? 0)));
  const [main, ...others] = lines;
  const value = now?.[main.name];
  const second = others.flatMap(({ name, label }) => {
    const other = now?.[name];
    return other === undefined ? [] : [`${label} ${write(other)}`];
  });
  const highest = Math.max(0, ...valuesOf(main.name));
  return (
    <figure className="chart-card">
      <figcaption>
        <b>{title}</b>
        <span>{about}</span>
      </figcaption>
      <p className="chart-now">
        <strong>{value === undefined ? '–' : write(value)}</strong>
        <span>
          {[...(others.length > 0 && value !== undefined ? [main.label] : []), ...second].join(' · ')}
          {value === undefined && points.length > 1 && 'nothing lately'}
        </span>
      </p>
      <div className="chart-plot">
        <span aria-hidden>{write(most)}</span>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={
            value === undefined
              ? `${title}: not known now`
              : `${title}: ${write(value)} now, at most ${write(highest)} in the last five minutes`
          }
        >
          <path
            className="chart-grid"
            d={`M0 1H${width}M0 ${height / 2}H${width}M0 ${height - 1}H${width}`}
          />
          {lines
            .map(({ name }, i) => (
              <Drawn key={name} name={name} points={points} most={most} spanMs={spanMs} rank={i} />
            ))
            .toReversed()}
        </svg>
      </div>
      <p className="chart-scale" aria-hidden>
        <span>{spanText(spanMs / 1_000)} ago</span>
        <span>now</span>
      </p>
    </figure>
  );
}

interface DrawnProps {
  readonly name: PointName;
  readonly points: readonly Point[];
  readonly most: number;
  readonly spanMs: number;
  readonly rank: number;
}

function Drawn({ name, points, most, spanMs, rank }: DrawnProps) {
  const end = points.at(-1)?.at ?? 0;
  const runs = runsOf(points, name).map((run) =>
    run.map(({ at, value }) => [
      Math.max(0, width - ((end - at) / spanMs) * width).toFixed(1),
      (height - 2 - (value / most) * (height - 6)).toFixed(1),
    ]),
  );
  const lines = runs.map((run) => `M${run.map((pair) => pair.join(' ')).join('L')}`).join('');
  const areas = runs
    .map(
      (run) =>
        `M${run[0]?.[0]} ${height}L${run.map((pair) => pair.join(' ')).join('L')}L${run.at(-1)?.[0]} ${height}Z`,
    )
    .join('');
  return (
    <>
      {rank === 0 && <path className="chart-area" d={areas} />}
      <path className="chart-line" data-rank={rank} d={lines} />
    </>
  );
}

/** What is not known is left out, and not drawn over. One value alone is drawn as a dash. */
function runsOf(points: readonly Point[], name: PointName): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [[]];
  for (const point of points) {
    const value = point[name];
    if (value === undefined) runs.push([]);
    else runs.at(-1)?.push({ at: point.at, value });
  }
  return runs
    .filter((run) => run.length > 0)
    .map((run) => {
      const [only] = run;
      return run.length === 1 && only !== undefined ? [{ ...only, at: only.at - 3_000 }, only] : run;
    });
}
