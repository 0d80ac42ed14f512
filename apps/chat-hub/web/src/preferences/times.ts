import { usePreferences, type Preferences } from './preferences.ts';

const clocks: Readonly<Record<Preferences['clock'], boolean | undefined>> = {
  system: undefined,
  '12': true,
  '24': false,
};

const made = new Map<Preferences['clock'], Intl.DateTimeFormat>();

/** Writes the time of day as somebody wants it, to the minute. To make such a thing takes long: there is one of each kind. */
function timeFormat(clock: Preferences['clock']): Intl.DateTimeFormat {
  const known = made.get(clock);
  if (known !== undefined) return known;
  const hour12 = clocks[clock];
  const format = new Intl.DateTimeFormat(undefined, {
    hour: hour12 === false ? '2-digit' : 'numeric',
    minute: '2-digit',
    ...(hour12 !== undefined && { hour12 }),
  });
  made.set(clock, format);
  return format;
}

export const useTimeFormat = (): Intl.DateTimeFormat => timeFormat(usePreferences().clock);
