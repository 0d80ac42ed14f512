import type { Size } from '../profiles/profile.ts';
import type { Timeline } from '../run/timeline.ts';

/** What one wants to see while it runs. */
export function progressLine(timeline: Timeline, second: number, { seconds }: Pick<Size, 'seconds'>): string {
  const phase = second < 0 ? 'warms up' : second < seconds ? `${second + 1} of ${seconds} s` : 'drains';
  const last = timeline.seconds().findLast(({ at }) => at < second);
  if (last === undefined) return phase;
  const { counts, deliveryP50, deliveryP99, live } = last;
  const { totals } = timeline;
  return [
    phase,
    `${counts.sent} sent`,
    `${counts.acked} acknowledged`,
    `${counts.delivered} delivered`,
    `p50 ${ms(deliveryP50)}`,
    `p99 ${ms(deliveryP99)}`,
    `${totals.sent - totals.acked} waiting`,
    `${live} live`,
  ].join(', ');
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
