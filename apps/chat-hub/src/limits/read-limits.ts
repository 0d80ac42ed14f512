import { limitNames, standardLimits, type LimitName, type LimitSettings } from './limit-names.ts';

/** As large as a limit makes sense. */
const most = 1_000_000;

/**
 * `message=60, message.agent=600, address=off`: what is not named stays as it is. Without a class all classes are meant, and `off` alone is all
 * of it.
 *
 * @returns undefined where it cannot be understood
 */
export function readLimits(text: string): LimitSettings | undefined {
  const settings: Record<LimitName, number | 'off'> = { ...standardLimits };
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts) {
    const [, name, value = ''] = /^([a-z.-]+)\s*=\s*(\d{1,7}|off)$/.exec(part) ?? [];
    const limit = value === 'off' ? value : Number(value);
    const meant = part === 'off' && parts.length === 1 ? limitNames : named(name);
    if (meant.length === 0 || (limit !== 'off' && part !== 'off' && (limit < 1 || limit > most)))
      return undefined;
    for (const one of meant) settings[one] = part === 'off' ? 'off' : limit;
  }
  return settings;
}

function named(name: string | undefined): readonly LimitName[] {
  const exact = limitNames.filter((one) => one === name);
  return exact.length > 0 ? exact : limitNames.filter((one) => one.startsWith(`${name}.`));
}
