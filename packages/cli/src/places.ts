import { usageError } from './cli-error.ts';
import type { AnyCommand, AnyGiven, Argument } from './command.ts';

/** `CHANNEL`, `[CHANNEL]`, `TEXT...`: an argument as help shows it. */
export function shownArgument({ name, optional, many }: Argument): string {
  const word = `${name.toUpperCase()}${many === true ? '...' : ''}`;
  return optional === true ? `[${word}]` : word;
}

/** The arguments by their names. */
export function placesOf(
  words: readonly string[],
  { path, args }: Pick<AnyCommand, 'path' | 'args'>,
): AnyGiven['args'] {
  const line = ['parley', ...path, ...args.map(shownArgument)].join(' ');
  const read: Record<string, string | readonly string[] | undefined> = {};
  let left = words;
  for (const { name, optional, many } of args) {
    if (left.length === 0 && optional !== true)
      throw usageError(`${name.toUpperCase()} is missing: ${line}`, `See: parley help ${path.join(' ')}`);
    read[name] = many === true ? left : left[0];
    left = many === true ? [] : left.slice(1);
  }
  const [tooMuch] = left;
  if (tooMuch !== undefined)
    throw usageError(`"${tooMuch}" is one word too many: ${line}`, 'Text with blanks goes into quotes');
  return read;
}
