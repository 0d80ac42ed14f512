import { isParleyError } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/commands.ts';
import { parse, type Parsed } from '../src/parse.ts';

const read = (...argv: string[]): Parsed => parse(argv, commands);

/** What is said of a line that cannot be used, with its hint. */
function complaint(...argv: string[]): string {
  try {
    read(...argv);
  } catch (error) {
    if (!isParleyError(error, 'USAGE')) throw error;
    return `${error.message} | ${String(Reflect.get(error, 'hint'))}`;
  }
  throw new Error('nothing was said');
}

describe('a command line', () => {
  it('names a command, its arguments and options, in any order', () => {
    const parsed = read('--json', 'send', '--thread', 't1', 'general', 'good', 'morning', '--url=http://h');
    expect(parsed).toMatchObject({
      kind: 'run',
      command: { path: ['send'] },
      given: { args: { channel: 'general', text: ['good', 'morning'] }, options: { thread: 't1' } },
      globals: { json: true, url: 'http://h' },
    });
  });

  it('takes what stands behind -- as text, also what looks like an option or a command', () => {
    expect(read('send', 'general', '--', '--json')).toMatchObject({
      given: { args: { text: ['--json'] } },
      globals: {},
    });
    expect(read('send', 'general', '-')).toMatchObject({ given: { args: { text: ['-'] } } });
  });

  it('collects what may be given several times', () => {
    expect(read('channel', 'create', 'x', '--member', 'a', '--member', 'b')).toMatchObject({
      given: { options: { member: ['a', 'b'] } },
    });
  });

  it('reads numbers', () => {
    expect(read('tail', 'general', '-n', '5')).toMatchObject({ given: { options: { last: 5 } } });
    expect(complaint('tail', 'general', '--last', 'five')).toContain('--last must be a whole number');
  });

  it('asks for help in three ways', () => {
    for (const argv of [
      ['help', 'send'],
      ['send', '--help'],
      ['send', 'x', '-h', '--json'],
    ])
      expect(read(...argv)).toMatchObject({ kind: 'help', path: ['send'] });
    expect(read()).toMatchObject({ kind: 'help', path: [] });
    expect(read('--help')).toMatchObject({ kind: 'help', path: [] });
    expect(read('channel', '--help')).toMatchObject({ kind: 'help', path: ['channel'] });
    for (const argv of [['--version'], ['-V']]) expect(read(...argv)).toEqual({ kind: 'version' });
  });
});

describe('a line that cannot be used', () => {
  it.each([
    [['sned', 'general', 'x'], 'Did you mean parley send?'],
    [['channels', 'list'], 'Did you mean parley channel?'],
    [['channel', 'craete', 'x'], 'Did you mean parley channel create?'],
    [['freeze', 'x'], 'Did you mean parley channel freeze?'],
    [['revoke', 'x'], 'Did you mean parley token revoke or parley session revoke?'],
    [['send', 'general', 'x', '--thraed', '1'], 'Did you mean --thread?'],
    [['whoami', '--jsn'], 'Did you mean --json?'],
    [['hub', 'start', '--log-level', 'inof'], 'Did you mean info?'],
  ])('%j is told what was probably meant', (argv, hint) => {
    expect(complaint(...argv)).toContain(hint);
  });

  it.each([
    [['xyzzy'], 'See: parley help'],
    [['channel'], 'needs to know what: list, show, create'],
    [['send'], 'CHANNEL is missing: parley send CHANNEL TEXT...'],
    [['send', 'general'], 'TEXT is missing'],
    [['whoami', 'ann'], '"ann" is one word too many'],
    [['whoami', '--json=yes'], '--json takes no value'],
    [['send', 'general', 'x', '--thread'], '--thread needs a value: --thread ID'],
    [['user', 'create', 'ann', '--name', '--json'], 'If "--json" is the value: --name=--json'],
    [['user', 'create', 'ann', '--role', 'king'], '--role must be one of owner, admin, member, observer'],
    [['send', 'general', '-5 degrees'], 'Text that begins with a dash goes behind --'],
    [['tail', 'general', '--thread', 'x'], 'parley tail has no option --thread'],
    [['user', 'create', 'ann', '--name', 'A', '--name', 'B'], '--name is given twice'],
    [['whoami', '--constructor'], 'has no option --constructor'],
  ])('%j is told what is wrong', (argv, said) => {
    expect(complaint(...argv)).toContain(said);
  });
});
