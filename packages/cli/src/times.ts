const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-21 16:02`, by the clock on the wall here. */
export function shownTime(ms: number): string {
  const time = new Date(ms);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${shownHour(ms)}`;
}

export function shownHour(ms: number): string {
  const time = new Date(ms);
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The same everywhere, for programs. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
