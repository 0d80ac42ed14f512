import { bestOf, matchOf } from '../composer/match.ts';
import type { Emoji } from './emoji-data.ts';

/** Those that are called something like what was typed: by their names, then what they show, then what they are about. */
export function searchEmojis(all: readonly Emoji[], query: string, most: number): readonly Emoji[] {
  const words = query.toLowerCase().trim();
  if (words === '') return all.slice(0, most);
  return bestOf(
    all,
    ({ names, label, tags }) => {
      const named = matchOf(words, [...names, label]);
      const about = matchOf(words, tags);
      if (named === undefined) return about === undefined ? undefined : about + 2;
      return Math.min(named, about === undefined ? Infinity : about + 2);
    },
    most,
  );
}
