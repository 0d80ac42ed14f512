import { useTimeFormat } from '../preferences/times.ts';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `1 hour`, `15 minutes`, `10 seconds`: in the largest unit that counts it whole. */
export function durationText(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count.toLocaleString()} ${unit}${count === 1 ? '' : 's'}`;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

export const dayText = (at: number): string => day.format(at);

/** Writes the time of a moment of today, and with the day of any other. */
export function useBriefMoment(): (at: number) => string {
  const time = useTimeFormat();
  const moment = useTimeFormat('moment');
  const today = new Date().toDateString();
  return (at) => (new Date(at).toDateString() === today ? time : moment).format(at);
}
