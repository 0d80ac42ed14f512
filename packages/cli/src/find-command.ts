import type { AnyCommand } from './command.ts';

export interface Found {
  /** Undefined: the words name a group of commands, or nothing. */
  readonly command: AnyCommand | undefined;
  /** As far as the words are known. */
  readonly path: readonly string[];
  readonly rest: readonly string[];
  /** What could follow the path. */
  readonly choices: readonly string[];
  /** Commands of other groups that are called like the first word that is not known, where they are few. */
  readonly elsewhere: string | undefined;
}

/** More than these are no hint. */
const few = 3;

/** The command that the first words name. */
export function findCommand(words: readonly string[], commands: readonly AnyCommand[]): Found {
  let path: readonly string[] = [];
  for (const word of words) {
    if (commands.some((command) => isAt(command, path) && command.path.length === path.length)) break;
    const next = [...path, word];
    if (!commands.some((command) => isAt(command, next))) break;
    path = next;
  }
  const rest = words.slice(path.length);
  const below = commands.filter((command) => isAt(command, path));
  const elsewhere = commands.filter((command) => command.path.length > 1 && command.path.at(-1) === rest[0]);
  return {
    command: below.find((command) => command.path.length === path.length),
    path,
    rest,
    choices: [...new Set(below.flatMap((command) => command.path.slice(path.length, path.length + 1)))],
    elsewhere:
      elsewhere.length > 0 && elsewhere.length <= few
        ? elsewhere.map((command) => `parley ${command.path.join(' ')}`).join(' or ')
        : undefined,
  };
}

/** Whether the command stands at a path or below it. */
export function isAt(command: Pick<AnyCommand, 'path'>, path: readonly string[]): boolean {
  return path.every((word, i) => command.path[i] === word);
}
