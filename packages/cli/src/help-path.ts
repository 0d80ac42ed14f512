import { usageError } from './cli-error.ts';
import type { AnyCommand } from './command.ts';
import { findCommand } from './find-command.ts';
import { didYouMean, nearest } from './near-miss.ts';

/** The words behind `parley help`, once they are known to name a command or a group. */
export function checkHelpPath(words: readonly string[], commands: readonly AnyCommand[]): readonly string[] {
  const { path, rest, choices, elsewhere } = findCommand(words, commands);
  const [word] = rest;
  if (word === undefined) return path;
  const near = nearest(word, choices);
  const meant =
    near === undefined
      ? elsewhere?.replaceAll('parley ', 'parley help ')
      : ['parley help', ...path, near].join(' ');
  throw usageError(
    `there is no command "${[...path, word].join(' ')}"`,
    didYouMean(meant) ?? 'See: parley help',
  );
}
