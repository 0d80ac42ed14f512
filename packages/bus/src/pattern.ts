import { InvalidArgument } from '@parley/cache-core/kernel';

/** A part of a pattern: one character, any one, or any number of them. */
type Part = { readonly kind: 'one'; readonly sign: string } | { readonly kind: 'any' | 'some' | 'all' };

/**
 * A pattern as a question. Everything but `*`, `**` and `?` stands for itself. All ways to match are followed at once, so that no pattern
 * takes longer than its length times that of the name.
 */
export function matcher(pattern: string): (channel: string) => boolean {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > 512) {
    throw new InvalidArgument('pattern', 'a text of 1 to 512 characters', pattern);
  }
  const parts = partsOf(pattern);
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'all') return () => true;
  return (channel) => {
    let at = passed(parts, [true]);
    for (const sign of channel) {
      at = step(parts, at, sign);
      if (!at.includes(true)) return false;
    }
    return at[parts.length] === true;
  };
}

function partsOf(pattern: string): Part[] {
  return Array.from(pattern.match(/\*\*+|./gsu) ?? [], (sign) => {
    if (sign === '*') return { kind: 'some' };
    if (sign === '?') return { kind: 'any' };
    return sign.startsWith('**') ? { kind: 'all' } : { kind: 'one', sign };
  });
}

/** Where in the pattern one may stand after the sign, in order of the parts before that. */
function step(parts: readonly Part[], at: readonly (boolean | undefined)[], sign: string): boolean[] {
  const next = Array.from({ length: parts.length + 1 }, () => false);
  for (const [i, part] of parts.entries()) {
    if (at[i] !== true) continue;
    if (part.kind === 'all' || (part.kind === 'some' && sign !== ':' && sign !== '/')) next[i] = true;
    else if (part.kind === 'any' || (part.kind === 'one' && part.sign === sign)) next[i + 1] = true;
  }
  return passed(parts, next);
}

/** Stars may stand for nothing. */
function passed(parts: readonly Part[], at: boolean[]): boolean[] {
  for (const [i, { kind }] of parts.entries())
    if (at[i] === true && (kind === 'some' || kind === 'all')) at[i + 1] = true;
  return at;
}
