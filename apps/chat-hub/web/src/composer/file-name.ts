import { limits } from '@parley/hub-protocol';

/** What the hub takes for a name: no path, nothing that is not seen, and not too long. The ending stays. */
export function sendableName(name: string): string {
  const plain = name.replaceAll(/[/\\\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '_').trim();
  if (/^\.{0,2}$/u.test(plain)) return 'file';
  const letters = Array.from(plain);
  if (letters.length <= limits.fileName) return plain;
  const ending = /\.[\w-]{1,15}$/u.exec(plain)?.[0] ?? '';
  return letters.slice(0, limits.fileName - ending.length).join('') + ending;
}
