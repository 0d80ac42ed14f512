/** How long a status holds. */
export const spans = [
  ['30m', '30 minutes'],
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['today', 'Today'],
  ['week', 'This week'],
  ['none', '30 days'],
] as const;

export type Span = (typeof spans)[number][0];

const minuteMs = 60_000;

/** When it ends, in milliseconds since 1970. Null: as late as the hub allows. Days and weeks are those of who chooses; a week ends with Sunday. */
export function endOf(span: Span, now = Date.now()): number | null {
  if (span === 'none') return null;
  if (span === '30m') return now + 30 * minuteMs;
  if (span === '1h') return now + 60 * minuteMs;
  if (span === '4h') return now + 240 * minuteMs;
  const day = new Date(now);
  const days = span === 'today' ? 1 : 8 - (day.getDay() === 0 ? 7 : day.getDay());
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime();
}
