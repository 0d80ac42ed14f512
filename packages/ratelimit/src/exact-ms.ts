import { InvalidArgument, parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';

/** A duration of at least 1 ms that is a whole number of them: half a millisecond that is rounded to one would double a limit. */
export function exactMs(field: string, value: Duration): number {
  const ms = parseDuration(value, { field, min: 1 });
  const fraction = typeof value === 'number' ? value * 1_000 : Number(/^([\d.]+)ms$/.exec(value)?.[1] ?? ms);
  if (Math.abs(fraction - ms) > 1e-6)
    throw new InvalidArgument(field, 'a whole number of milliseconds', value);
  return ms;
}
