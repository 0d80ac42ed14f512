import type { AnyCommand, Options } from './command.ts';
import { exitCodes, exitMeanings } from './exit-codes.ts';
import { globalOptions } from './global-options.ts';
import { groups } from './groups.ts';
import { shownOption, usageOf } from './help.ts';

const span = (text: string): string => `\`${text}\``;

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function optionTable(options: Options): string[] {
  const rows = Object.entries(options).map(([name, option]) => [
    span(shownOption(name, option)),
    `${option.summary}.`,
  ]);
  return rows.length === 0 ? [] : [table(['option', 'meaning'], rows)];
}

function sectionOf(command: AnyCommand): string[] {
  const { path, summary, about = [], args, options, examples } = command;
  const argRows = args.map(({ name, summary }) => [span(name.toUpperCase()), `${summary}.`]);
  return [
    `### parley ${path.join(' ')}`,
    `${summary}.`,
    ['```sh', usageOf(command), '```'].join('\n'),
    ...about,
    ...(argRows.length === 0 ? [] : [table(['argument', 'meaning'], argRows)]),
    ...optionTable(options),
    [
      '```sh',
      ...examples.flatMap(({ line, says }, i) => [...(i > 0 ? [''] : []), `# ${says}`, line]),
      '```',
    ].join('\n'),
  ];
}

function groupOf({ path: [top = ''] }: AnyCommand): string {
  return top in groups ? top : '';
}

/** The page of the reference, from the table of commands. */
export function referencePage(commands: readonly AnyCommand[]): string {
  const names = [...new Set(commands.map(groupOf))];
  const sections = names.flatMap((name) => [
    name === '' ? '## Yourself, messages, and who is here' : `## ${groups[name] ?? name}`,
    ...commands.filter((command) => groupOf(command) === name).flatMap(sectionOf),
  ]);
  const exits = Object.entries(exitMeanings).map(([name, meaning]) => [
    span(String(Object.entries(exitCodes).find(([known]) => known === name)?.[1])),
    `${meaning}.`,
  ]);
  const parts = [
    '# Command line',
    '<!-- Written by `npm run docs -w @parley/cli` from the table of commands. -->',
    '<!-- prettier-ignore-start -->',
    'The same is told by `parley help` and `parley help COMMAND`, and as JSON by `parley help --json`. How the commands go together is told in [the guide](../guide/command-line.md).',
    '## What every command takes',
    ...optionTable(globalOptions),
    '## What it ends with',
    table(['code', 'meaning'], exits),
    'With `--json`, an error is a JSON document on standard error: `{"error": {"exitCode", "code", "detail", "field", "hint"}}`, where `code` is one of [the hub](./hub-rules.md), or one of the command line such as `USAGE`.',
    ...sections,
    '<!-- prettier-ignore-end -->',
  ];
  return `${parts.join('\n\n')}\n`;
}
