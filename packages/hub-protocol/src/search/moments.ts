/** From its first millisecond to the first behind it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const dayMs = 86_400_000;
const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** A day by the clock of Greenwich, or a moment that says by which clock it is. Undefined: neither. */
export function instantOf(text: string): Span | undefined {
  if (day.test(text)) return dayOf(text);
  // It is the day that is read wrongly where there is none.
  if (!moment.test(text) || dayOf(text.slice(0, 10)) === undefined) return undefined;
  const from = Date.parse(text.toUpperCase());
  return from >= 0 ? { from, to: from } : undefined;
}

function dayOf(text: string): Span | undefined {
  const from = Date.parse(`${text}T00:00:00Z`);
  // February has no 30th, although some read it as the 2nd of March.
  const real = from >= 0 && new Date(from).toISOString().startsWith(text);
  return real ? { from, to: from + dayMs } : undefined;
}
