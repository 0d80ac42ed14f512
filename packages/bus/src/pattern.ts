import { InvalidArgument } from '@parley/cache-core/kernel';

/** A pattern as a question. Everything but `*`, `**` and `?` stands for itself. */
export function matcher(pattern: string): (channel: string) => boolean {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > 512) {
    throw new InvalidArgument('pattern', 'a text of 1 to 512 characters', pattern);
  }
  if (pattern === '**') return () => true;
  const source = pattern.replaceAll(/\*\*+|\*|\?|[\\^$.|+()[\]{}/]/gu, (sign) => {
    if (sign === '*') return '[^:/]*';
    if (sign === '?') return '.';
    return sign.startsWith('**') ? '.*' : `\\${sign}`;
  });
  if ((pattern.match(/\*+/g) ?? []).length > 8) {
    throw new InvalidArgument('pattern', 'one with at most 8 stars', pattern);
  }
  const expression = new RegExp(`^${source}$`, 'us');
  return (channel) => expression.test(channel);
}
