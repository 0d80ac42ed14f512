import type { ConfigProblem } from './config-error.ts';
import { distance } from './distance.ts';
import { aboutVariable, variableNames } from './environment.ts';
import { isForeign } from './foreign.ts';
import { shownValue } from './shown.ts';

const prefixes = ['CHAT_REDIS_', 'REDIS_', 'CACHE_', 'PARLEY_'];

/** What others call ours, further away than a slip of the finger. */
const otherNames: Readonly<Record<string, string>> = {
  REDIS_ADDR: 'REDIS_URL',
  REDIS_AUTH: 'REDIS_PASSWORD',
  REDIS_DSN: 'REDIS_URL',
  REDIS_HOSTNAME: 'REDIS_HOST',
  REDIS_NODES: 'REDIS_CLUSTER_NODES',
  REDIS_PASS: 'REDIS_PASSWORD',
  REDIS_PREFIX: 'REDIS_KEY_PREFIX',
  REDIS_SSL: 'REDIS_TLS',
  REDIS_USER: 'REDIS_USERNAME',
  CACHE_TTL: 'CACHE_DEFAULT_TTL',
};

/** Variables that were probably meant for us: ignored in silence, a misspelt password is found out in production. */
export function nearMisses(
  env: Readonly<Record<string, string | undefined>>,
  ignored: readonly string[],
): ConfigProblem[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || value.trim() === '' || variableNames.includes(name)) return [];
    if (ignored.includes(name) || isForeign(name, value)) return [];
    const meant = otherNames[name] ?? variableNames.find((known) => isMeant(name, known));
    if (meant === undefined) return [];
    const { visibility = 'plain' } = aboutVariable(meant);
    const shown = shownValue(value, visibility);
    const message = `${name} (${shown}) is not known: say ${meant} if that was meant, or list it in PARLEY_IGNORE if it is not for Parley`;
    return [{ variable: name, message }];
  });
}

function isMeant(name: string, known: string): boolean {
  // A second one of something: REDIS_URL_2.
  if (/^_?\d+$/.test(name.slice(known.length)) && name.startsWith(known)) return false;
  const spelt = name.toUpperCase();
  const prefix = prefixes.find((own) => known.startsWith(own) && spelt.startsWith(own)) ?? '';
  const [given, wanted] = [spelt.slice(prefix.length), known.slice(prefix.length)];
  if (Math.abs(given.length - wanted.length) > 2) return false;
  // Of short names a single letter is much: REDIS_TTL is not REDIS_TLS.
  const tolerated = wanted.length < (prefix === '' ? 12 : 6) ? 1 : 2;
  return distance(given, wanted) <= tolerated;
}
