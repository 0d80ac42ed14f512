import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { keeper, stopKeeper } from '../src/keeper.ts';
import type { Command } from '../src/keeper-protocol.ts';
import { processInfo } from '../src/processes.ts';
import { until } from '../src/until.ts';
import { isRunning } from './support/owners.ts';

afterAll(stopKeeper);

async function shell(script: string, more: Partial<Command> = {}): Promise<Command> {
  const folder = await (await keeper()).createFolder('test');
  return { program: '/bin/sh', args: ['-c', script], cwd: folder, env: {}, log: `${folder}.log`, ...more };
}

test('tells how a process ended', async () => {
  const own = await keeper();
  const exited = await own.spawn(await shell('exit 3'));
  expect(await exited.wait()).toEqual({ code: 3, signal: null });
  expect(exited.status()).toEqual({ code: 3, signal: null });
  const killed = await own.spawn(await shell('sleep 1000'));
  expect(killed.status()).toBeUndefined();
  await killed.kill();
  expect(await killed.wait()).toEqual({ code: null, signal: 'SIGKILL' });
  expect(isRunning(killed.pid)).toBe(false);
});

test('stops gently, and not at all gently after the deadline', async () => {
  const own = await keeper();
  const gentle = await own.spawn(await shell('sleep 1000'));
  await gentle.stop('SIGTERM', 10_000);
  expect(gentle.status()).toEqual({ code: null, signal: 'SIGTERM' });
  const command = await shell('trap "" TERM; echo ready; while :; do sleep 0.01; done');
  const stubborn = await own.spawn(command);
  await until(async () => (await readFile(command.log, 'utf8')) !== '', { what: 'the trap is set' });
  await stubborn.stop('SIGTERM', 50);
  expect(stubborn.status()).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a paused process is stopped at once', async () => {
  const own = await keeper();
  // Without a process below it: one that is just making a child is held by that child, and not shown as stopped itself.
  const process = await own.spawn(await shell('exec sleep 1000'));
  await process.pause();
  // A busy kernel may still have it wait for a disk.
  await until(() => processInfo(process.pid)?.state === 'T', { what: 'it is stopped' });
  await process.stop('SIGTERM', 60_000);
  expect(process.status()).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a process that is just starting another one can be paused, resumed and ended', async () => {
  const own = await keeper();
  const command = await shell('while :; do /bin/true; done');
  const seen: unknown[] = [];
  for (let round = 0; round < 40; round++) {
    const process = await own.spawn(command);
    await process.pause();
    await process.resume();
    await process.pause();
    await process.stop('SIGTERM', 60_000);
    seen.push(process.status());
  }
  expect(seen).toEqual(Array.from({ length: 40 }, () => ({ code: null, signal: 'SIGKILL' })));
});

test('everything settles for a process that is gone', async () => {
  const process = await (await keeper()).spawn(await shell('exit 0'));
  await process.wait();
  await Promise.all([process.pause(), process.resume(), process.kill(), process.stop('SIGTERM', 1_000)]);
  expect(process.status()).toEqual({ code: 0, signal: null });
});

test('a program that does not exist is told', async () => {
  const own = await keeper();
  const command = await shell('', { program: '/nowhere/at-all' });
  const outcome = await own.spawn(command).then((process) => process.wait(), String);
  expect(outcome).not.toEqual({ code: 0, signal: null });
});

test('output and environment are what was asked for, nothing is inherited', async () => {
  const command = await shell('echo out; echo err >&2; env', { env: { ONLY: 'this' } });
  await (await (await keeper()).spawn(command)).wait();
  const log = await readFile(command.log, 'utf8');
  expect(log).toContain('out\nerr\n');
  expect(log).toContain('ONLY=this');
  expect(log).not.toContain('VITEST');
});

test('a folder is for its owner only, and goes with its removal', async () => {
  const own = await keeper();
  const folder = await own.createFolder('test');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await own.removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});

test('a keeper that is gone takes its processes along, settles what waits, and is replaced', async () => {
  const first = await keeper();
  const folder = await first.folder;
  const server = await first.spawn(await shell('sleep 1000'));
  const waiting = server.wait();
  process.kill(first.pid, 'SIGKILL');
  expect(await waiting).toEqual({ code: null, signal: 'SIGKILL' });
  expect(isRunning(server.pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  await server.kill();
  const second = await keeper();
  expect(second.pid).not.toBe(first.pid);
  const next = await second.spawn(await shell('exit 0'));
  expect(await next.wait()).toEqual({ code: 0, signal: null });
});

test('stopping it leaves neither processes nor folder', async () => {
  const own = await keeper();
  const folder = await own.folder;
  const process = await own.spawn(await shell('sleep 1000'));
  await stopKeeper();
  expect(isRunning(process.pid)).toBe(false);
  expect(isRunning(own.pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});
