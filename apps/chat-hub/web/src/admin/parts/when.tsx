import { useTimeFormat } from '../../preferences/times.ts';
import './parts.css';

const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const steps = [
  ['second', 1_000, 60],
  ['minute', 60_000, 60],
  ['hour', 3_600_000, 24],
  ['day', 86_400_000, 7],
] as const;

/** How long ago, or how soon; after a week the day itself. */
function agoOf(at: number, now: number): string {
  const ms = at - now;
  for (const [unit, size, most] of steps) {
    const count = Math.round(ms / size);
    if (Math.abs(count) < most) return relative.format(count, unit);
  }
  return short.format(at);
}

/** A moment, as people tell it; pointing at it tells it exactly. */
export function When({ at, exact = false }: { readonly at: number; readonly exact?: boolean }) {
  const moment = useTimeFormat('moment');
  return (
    <time dateTime={new Date(at).toISOString()} title={moment.format(at)}>
      {exact ? moment.format(at) : agoOf(at, Date.now())}
    </time>
  );
}
