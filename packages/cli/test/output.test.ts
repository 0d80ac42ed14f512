import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { program, run } from './support/run.ts';

it('help is for people, and for programs a table', async () => {
  const { code, out } = await run(['help', '--json', 'channel']);
  expect(code).toBe(0);
  const table: { commands: { command: string }[] } = JSON.parse(out);
  expect(table.commands.map(({ command }) => command)).toContain('parley channel create');
  expect(table).toMatchObject({ exitCodes: { unreachable: 4 }, globalOptions: { json: expect.any(Object) } });
  expect((await run([])).out).toBe((await run(['help'])).out);
  expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/);
});

it('what is wrong with a line is told in JSON when that was asked for', async () => {
  const { code, out, err } = await run(['sned', 'x', '--json']);
  expect([code, out]).toEqual([2, '']);
  expect(JSON.parse(err)).toEqual({
    error: {
      exitCode: 2,
      code: 'USAGE',
      detail: 'there is no command "sned"',
      hint: 'Did you mean parley send?',
    },
  });
});

it('an output that takes no more is told, and the program ends with 1', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [program, 'help'], { stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  let err = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, err]).toEqual([1, 'parley: the output cannot be written (ENOSPC)\n']);
});

it('an address with a password in it is refused without repeating it', async () => {
  const { code, err } = await run(['whoami', '--url', 'http://ann:hidden@127.0.0.1:9']);
  expect([code, err]).toEqual([2, 'parley: --url must not contain a name or a password\n']);
});
