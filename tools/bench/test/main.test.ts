import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { linesOf, logTo } from './log.ts';
import { isAlive } from './processes.ts';
import { fixtures } from './run-fixture.ts';
import { scratchFolder } from './scratch.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function start(...args: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--conditions=@parley/source', main, ...args, '--folder', fixtures],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A run whose subject never comes to an end; with the processes of the subject and of what that has started. */
async function startEndless(scenario = 'never-answers'): Promise<{ runner: ChildProcess; pids: number[] }> {
  const log = join(scratchFolder(), 'log');
  logTo(log);
  const runner = start('faults', '--only', scenario);
  const told = () => linesOf(log).flatMap((line) => line.replace('pids ', '').split(' ').map(Number));
  await expect.poll(told, { timeout: 30_000 }).toHaveLength(2);
  return { runner, pids: told() };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'ends with all that it has started on %s',
  async (signal) => {
    const { runner, pids } = await startEndless();
    const exit = once(runner, 'exit');
    runner.kill(signal);
    expect(await exit).toEqual([null, signal]);
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  },
  60_000,
);

it('ends a subject that is blocked in its own code too', async () => {
  const { runner, pids } = await startEndless('blocks');
  runner.kill('SIGINT');
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
}, 60_000);

it('takes its subjects along when it is killed itself', async () => {
  const { runner, pids } = await startEndless();
  runner.kill('SIGKILL');
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
}, 60_000);

it('prints the results to its standard output and the rest beside it', async () => {
  const runner = start('figures', '--only', 'loads', '--quick');
  const texts = { out: '', err: '' };
  runner.stdout?.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  runner.stderr?.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  expect(await once(runner, 'close')).toEqual([0, null]);
  expect(texts.out).toMatch(/^scenario /u);
  expect(texts.err).toMatch(/^bench figures, seed \d+, quick, node/u);
}, 60_000);
