import { parseArgs } from 'node:util';
import { usageError } from './cli-error.ts';
import type { AnyCommand, AnyGiven, Option, Options } from './command.ts';
import { findCommand, type Found } from './find-command.ts';
import { globalOptions, type Globals } from './global-options.ts';
import { didYouMean, nearest } from './near-miss.ts';
import { placesOf } from './places.ts';

export type Parsed =
  | { readonly kind: 'help'; readonly path: readonly string[]; readonly json: boolean }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly command: AnyCommand;
      readonly given: AnyGiven;
      readonly globals: Globals;
    };

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/**
 * Reads a command line by the table of commands.
 *
 * @throws {CliError} `USAGE`, with what was probably meant
 */
export function parse(argv: readonly string[], commands: readonly AnyCommand[]): Parsed {
  const tokens = tokensOf(argv, commands);
  const has = (name: string): boolean =>
    tokens.some((token) => token.kind === 'option' && token.name === name);
  const end = tokens.findIndex(({ kind }) => kind === 'option-terminator');
  const words = positionals(end < 0 ? tokens : tokens.slice(0, end));
  const json = has('json');
  if (words[0] === 'help') return { kind: 'help', path: words.slice(1), json };
  if (has('version') || tokens.some((token) => token.kind === 'option' && token.rawName === '-V'))
    return { kind: 'version' };
  const found = findCommand(words, commands);
  if (has('help') || has('h')) return { kind: 'help', path: found.path, json };
  if (found.command === undefined) {
    if (words.length === 0 && argv.length === 0) return { kind: 'help', path: [], json };
    throw unknownCommand(found);
  }
  const { command } = found;
  const known: Options = { ...command.options, ...globalOptions };
  const read = readOptions(tokens, known, command);
  const given = positionals(tokens).slice(command.path.length);
  const own = Object.entries(read).filter(([name]) => name in command.options);
  return {
    kind: 'run',
    command,
    given: { options: Object.fromEntries(own), args: placesOf(given, command) },
    globals: Object.fromEntries(Object.entries(read).filter(([name]) => name in globalOptions)),
  };
}

/** What is a flag in one command is a flag in all: so a line can be cut into words before the command is known. */
function tokensOf(argv: readonly string[], commands: readonly AnyCommand[]): readonly Token[] {
  const all: Options = Object.assign({}, ...commands.map(({ options }) => options), globalOptions);
  const options = Object.fromEntries(
    Object.entries(all).map(([name, { type, short }]) => [
      name,
      {
        type: type === 'flag' ? ('boolean' as const) : ('string' as const),
        ...(short !== undefined && { short }),
      },
    ]),
  );
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function positionals(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
}

function unknownCommand({ path, rest, choices, elsewhere }: Found): Error {
  const [word] = rest;
  const before = ['parley', ...path].join(' ');
  if (word === undefined)
    return usageError(
      `${before} needs to know what: ${choices.join(', ')}`,
      `See: parley help ${path.join(' ')}`,
    );
  const near = nearest(word, choices);
  const meant = near === undefined ? elsewhere : `${before} ${near}`;
  return usageError(
    path.length === 0 ? `there is no command "${word}"` : `${before} has no command "${word}"`,
    didYouMean(meant) ?? `See: ${['parley help', ...path].join(' ')}`,
  );
}

function readOptions(tokens: readonly Token[], known: Options, command: AnyCommand) {
  const read: Record<string, boolean | string | number | readonly string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (option === undefined) throw unknownOption(token, known, command);
    const value = valueOf(token, option);
    const before = read[token.name];
    if (option.many === true) read[token.name] = [...(Array.isArray(before) ? before : []), String(value)];
    else if (before !== undefined && before !== value)
      throw usageError(`--${token.name} is given twice, with different values`);
    else read[token.name] = value;
  }
  return read;
}

function unknownOption({ rawName, name }: OptionToken, known: Options, { path }: AnyCommand): Error {
  const line = `parley ${path.join(' ')}`;
  const near = rawName.startsWith('--') ? nearest(name, Object.keys(known)) : undefined;
  if (near !== undefined) return usageError(`${line} has no option ${rawName}`, didYouMean(`--${near}`));
  return usageError(
    `${line} has no option ${rawName}`,
    `See: parley help ${path.join(' ')}. Text that begins with a dash goes behind --`,
  );
}

function valueOf({ rawName, value, inlineValue }: OptionToken, option: Option): boolean | string | number {
  if (option.type === 'flag') {
    if (value !== undefined) throw usageError(`${rawName} takes no value`);
    return true;
  }
  const wanted = option.value ?? 'TEXT';
  if (value === undefined) throw usageError(`${rawName} needs a value: ${rawName} ${wanted}`);
  // A value that was forgotten must not swallow the option behind it.
  if (!inlineValue && /^-./.test(value))
    throw usageError(
      `${rawName} needs a value: ${rawName} ${wanted}`,
      `If "${value}" is the value: ${rawName}=${value}`,
    );
  if (option.type === 'number') {
    if (!/^\d{1,15}$/.test(value)) throw usageError(`${rawName} must be a whole number`);
    return Number(value);
  }
  if (option.oneOf !== undefined && !option.oneOf.includes(value))
    throw usageError(
      `${rawName} must be one of ${option.oneOf.join(', ')}`,
      didYouMean(nearest(value, option.oneOf)),
    );
  return value;
}
