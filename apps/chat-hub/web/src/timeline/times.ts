const dayOfYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
const dayWithYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const shortDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let from = 0;
let to = 0;

/** Whether two moments are of one day, here. Neighbours mostly are, so the bounds of the last day are kept. */
export function sameDay(one: number, other: number): boolean {
  if (one < from || one >= to) {
    const day = new Date(one);
    from = day.setHours(0, 0, 0, 0);
    to = day.setDate(day.getDate() + 1);
  }
  return other >= from && other < to;
}

export function dayName(at: number, now = Date.now()): string {
  if (sameDay(now, at)) return 'Today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (sameDay(yesterday.getTime(), at)) return 'Yesterday';
  const thisYear = new Date(now).getFullYear() === new Date(at).getFullYear();
  return (thisYear ? dayOfYear : dayWithYear).format(at);
}

/** `3 min ago`. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < minuteMs) return 'just now';
  if (passed < hourMs) return `${Math.floor(passed / minuteMs)} min ago`;
  if (passed < 24 * hourMs) return `${Math.floor(passed / hourMs)} h ago`;
  return shortDay.format(at);
}

/** `12 s`, `3 min`. */
export function lasting(ms: number): string {
  if (ms < 1_000) return 'under 1 s';
  if (ms < minuteMs) return `${Math.round(ms / 1_000)} s`;
  return `${Math.round(ms / minuteMs)} min`;
}
