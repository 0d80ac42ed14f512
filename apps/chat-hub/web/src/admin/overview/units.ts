const text = (value: number, digits: number): string =>
  value.toLocaleString(undefined, { maximumFractionDigits: digits });

export const units = {
  rate: (value: number): string => `${text(value, value < 10 ? 1 : 0)}/s`,
  count: (value: number): string => text(value, 0),
  /** Of seconds. */
  time(value: number): string {
    const ms = value * 1_000;
    return ms < 1_000 ? `${text(ms, ms < 10 ? 1 : 0)} ms` : `${text(value, 1)} s`;
  },
  bytes(value: number): string {
    const mb = value / 1_048_576;
    return mb < 1_024 ? `${text(mb, mb < 10 ? 1 : 0)} MB` : `${text(mb / 1_024, 1)} GB`;
  },
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
