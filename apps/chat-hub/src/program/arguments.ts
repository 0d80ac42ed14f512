import { ConfigError } from '@parley/runtime';

/** What the program is to do. */
export type Task =
  | { readonly does: 'run'; readonly demo: boolean }
  | { readonly does: 'restore'; readonly path: string };

const known = 'the hub knows --demo, and "restore FILE"';

/** `restore FILE` fills an empty hub instead of running one. */
export function readArguments(given: readonly string[]): Task {
  const [first, path, ...rest] = given;
  if (first === 'restore') {
    if (path === undefined) refuse(first, 'restore needs the path of a FILE');
    const [more] = rest;
    if (more !== undefined) refuse(more, `${more} is one too many: ${known}`);
    return { does: 'restore', path };
  }
  for (const word of given) if (word !== '--demo') refuse(word, `${word} is not known: ${known}`);
  return { does: 'run', demo: given.length > 0 };
}

function refuse(variable: string, message: string): never {
  throw new ConfigError([{ variable, message }]);
}
