const mb = 1_048_576;
const gb = 1_024 * mb;

const text = (value: number, digits: number): string =>
  value.toLocaleString(undefined, { maximumFractionDigits: digits });

export const units = {
  rate: (value: number): string => `${text(value, value < 10 ? 1 : 0)}/s`,
  count: (value: number): string => text(value, 0),
  /** Of seconds. */
  time: (value: number): string =>
    value < 1 ? `${text(value * 1_000, value < 0.01 ? 1 : 0)} ms` : `${text(value, 1)} s`,
  bytes: (value: number): string =>
    value < gb ? `${text(value / mb, value < 10 * mb ? 1 : 0)} MB` : `${text(value / gb, 1)} GB`,
  part: (value: number): string => `${text(value * 100, 0)} %`,
} as const;

export type Unit = keyof typeof units;

/** `3 days`, `2 h`, `5 min`. */
export function spanText(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
