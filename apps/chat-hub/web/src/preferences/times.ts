import { preferences, usePreferences, type Preferences } from './preferences.ts';

const styles = {
  time: { timeStyle: 'short' },
  moment: { dateStyle: 'medium', timeStyle: 'short' },
  full: { dateStyle: 'full', timeStyle: 'medium' },
} as const;

type Style = keyof typeof styles;

const cycles = { system: undefined, '12': 'h12', '24': 'h23' } as const;

const made = new Map<string, Intl.DateTimeFormat>();

/** Writes moments as somebody wants them. To make such a thing takes long: there is one of each kind. */
function formatOf(style: Style, { clock }: Preferences): Intl.DateTimeFormat {
  const key = style + clock;
  const format =
    made.get(key) ?? new Intl.DateTimeFormat(undefined, { ...styles[style], hourCycle: cycles[clock] });
  made.set(key, format);
  return format;
}

/** Who asks by this is drawn anew when somebody wants them otherwise. */
export const useTimeFormat = (style: Style = 'time'): Intl.DateTimeFormat =>
  formatOf(style, usePreferences());

export const momentOf = (at: number, style: Style = 'moment'): string =>
  formatOf(style, preferences()).format(at);

/** For where somebody points. */
export const fullTimeOf = (at: number): string => momentOf(at, 'full');
