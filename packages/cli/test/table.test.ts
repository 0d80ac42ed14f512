import { describe, expect, it } from 'vitest';
import type { AnyCommand, Options } from '../src/command.ts';
import { commands } from '../src/commands.ts';
import { globalOptions } from '../src/global-options.ts';
import { helpText } from '../src/help.ts';
import { parse } from '../src/parse.ts';
import { parleyWords } from './support/shell-words.ts';

const named = commands.map((command): [string, AnyCommand] => [command.path.join(' '), command]);

it('no two commands have the same name, and none is the beginning of another', () => {
  for (const [name] of named)
    expect(named.filter(([other]) => `${other} `.startsWith(`${name} `)).map(([other]) => other)).toEqual([
      name,
    ]);
});

it('an option is of one type wherever it is, so that a line can be cut before its command is known', () => {
  const types = new Map<string, string>();
  for (const { options } of commands) {
    const all: Options = { ...globalOptions, ...options };
    for (const [name, { type, short }] of Object.entries(all)) {
      const kind = `${type === 'flag' ? 'flag' : 'value'} ${short ?? ''}`;
      expect([name, types.get(name) ?? kind]).toEqual([name, kind]);
      types.set(name, kind);
    }
  }
});

describe.each(named)('parley %s', (_, command) => {
  it('has an example, and each example is a line that it takes', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { line } of command.examples) {
      const words = parleyWords(line) ?? [];
      expect({ line, ...parse(words, commands) }).toMatchObject({
        line,
        kind: 'run',
        command: { path: command.path },
      });
    }
  });

  it('has help that tells of everything that it takes', () => {
    const help = helpText(command.path, commands);
    for (const { name } of command.args) expect(help).toContain(name.toUpperCase());
    for (const name of [...Object.keys(command.options), ...Object.keys(globalOptions)])
      expect(help).toContain(`--${name}`);
    for (const { line } of command.examples) expect(help).toContain(line);
    expect(command.summary).not.toMatch(/\.$/);
  });

  it('stands in the help of everything, and of its group', () => {
    const [top = '', verb = ''] = command.path;
    expect(helpText([], commands)).toContain(top);
    expect(helpText([top], commands)).toContain(verb);
  });
});

it('help names the trap of a token on the command line', () => {
  expect(helpText(['send'], commands)).toContain('in the list of processes');
});
