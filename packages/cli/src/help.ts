import type { AnyCommand, Option, Options } from './command.ts';
import { exitCodes, exitMeanings } from './exit-codes.ts';
import { isAt } from './find-command.ts';
import { globalOptions } from './global-options.ts';
import { shownArgument } from './places.ts';
import { columns } from './columns.ts';
import { groups } from './groups.ts';

/** How a command is typed. */
export function usageOf({ path, args, options }: AnyCommand): string {
  const some = Object.keys(options).length > 0 ? ['[options]'] : [];
  return ['parley', ...path, ...args.map(shownArgument), ...some].join(' ');
}

/** `-h, --help`, `--name TEXT` */
export function shownOption(name: string, { type, short, value, oneOf, many }: Option): string {
  const placeholder = value ?? oneOf?.join('|') ?? (type === 'number' ? 'N' : 'TEXT');
  const flag = `${short === undefined ? '' : `-${short}, `}--${name}`;
  return type === 'flag' ? flag : `${flag} ${placeholder}${many === true ? ' ...' : ''}`;
}

function optionRows(options: Options): string[][] {
  return Object.entries(options).map(([name, option]) => [shownOption(name, option), option.summary]);
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function exampleLines({ examples }: AnyCommand): string[] {
  return examples.flatMap(({ line, says }, i) => [...(i > 0 ? [''] : []), `# ${says}`, line]);
}

function helpOfCommand(command: AnyCommand): string {
  const { summary, about = [], args, options } = command;
  return [
    `${summary}.`,
    ...about.flatMap((paragraph) => ['', paragraph]),
    ...block('Usage', [usageOf(command)]),
    ...block('Arguments', columns(args.map((arg) => [arg.name.toUpperCase(), arg.summary]))),
    ...block('Options', columns(optionRows(options))),
    ...block('Options of every command', columns(optionRows(globalOptions))),
    ...block('Examples', exampleLines(command)),
    '',
  ].join('\n');
}

function helpOfGroup(path: readonly string[], below: readonly AnyCommand[]): string {
  const [group = ''] = path;
  return [
    `${groups[group] ?? ''}.`,
    ...block('Usage', [`parley ${path.join(' ')} COMMAND`]),
    ...block(
      'Commands',
      columns(below.map((command) => [command.path.slice(path.length).join(' '), command.summary])),
    ),
    ...block(
      'Examples',
      below
        .slice(0, 3)
        .flatMap((command) => exampleLines({ ...command, examples: command.examples.slice(0, 1) })),
    ),
    '',
    `parley help ${path.join(' ')} COMMAND tells about one of them.`,
    '',
  ].join('\n');
}

function helpOfAll(commands: readonly AnyCommand[]): string {
  const tops = [...new Set(commands.map(({ path: [top = ''] }) => top))];
  const rows = tops.map((top) => {
    const below = commands.filter((command) => isAt(command, [top]));
    const alone = below.find(({ path }) => path.length === 1);
    const verbs = below.map(({ path }) => path.slice(1).join(' ')).join('|');
    return [alone === undefined ? `${top} ${verbs}` : top, alone?.summary ?? groups[top] ?? ''];
  });
  return [
    'The command line of the chat hub.',
    ...block('Usage', ['parley COMMAND [options]']),
    ...block('Commands', columns(rows, 24)),
    ...block('Options of every command', columns(optionRows(globalOptions))),
    ...block('First steps', [
      'parley hub start                        # says its address and a set-up code',
      'parley login --code CODE                # in a second terminal: you own the workspace',
      'parley channel create lab',
      'parley agent create coder               # says its token, once',
      'PARLEY_TOKEN=... parley send lab "hi"   # the agent speaks',
      'parley tail lab',
    ]),
    ...block('Ends with', columns(exitRows())),
    '',
    'parley help COMMAND tells about one of them.',
    '',
  ].join('\n');
}

function exitRows(): string[][] {
  return Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    Object.entries(exitMeanings).find(([known]) => known === name)?.[1] ?? '',
  ]);
}

/** @param path of a command, of a group, or nothing for everything */
export function helpText(path: readonly string[], commands: readonly AnyCommand[]): string {
  const below = commands.filter((command) => isAt(command, path));
  const [only] = below;
  if (only !== undefined && only.path.length === path.length) return helpOfCommand(only);
  return path.length === 0 ? helpOfAll(commands) : helpOfGroup(path, below);
}

/** The table of commands for programs. */
export function helpData(path: readonly string[], commands: readonly AnyCommand[]): unknown {
  return {
    commands: commands
      .filter((command) => isAt(command, path))
      .map((command) => ({
        command: `parley ${command.path.join(' ')}`,
        summary: command.summary,
        usage: usageOf(command),
        arguments: command.args,
        options: command.options,
        examples: command.examples,
      })),
    globalOptions,
    exitCodes,
  };
}
