import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { cpuSecondsOf, ownCpuSeconds } from '../src/cpu.ts';

const counts = process.platform === 'linux';

it('tells what a process has used, as the process itself would', () => {
  const told = cpuSecondsOf([process.pid]);
  expect(told === undefined ? undefined : Math.abs(told - ownCpuSeconds()) < 0.5).toBe(
    counts ? true : undefined,
  );
});

it('counts the children of a process, and their children', async () => {
  const before = cpuSecondsOf([process.pid]);
  const burn = `for (const end = process.cpuUsage().user + 200_000; process.cpuUsage().user < end;);`;
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(
      `${burn} console.log('burnt'); process.stdin.resume()`,
    )}], { stdio: ['pipe', 'inherit', 'inherit'] });
    process.stdin.resume().on('end', () => child.stdin.end());`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.stdin.end());
  await once(child.stdout, 'data');
  const after = cpuSecondsOf([process.pid]);
  const used = before === undefined || after === undefined ? undefined : after - before;
  expect(used === undefined ? undefined : used >= 0.19).toBe(counts ? true : undefined);
});

it('knows nothing of a process that does not exist', () => {
  expect(cpuSecondsOf([2 ** 30])).toBeUndefined();
  expect(cpuSecondsOf([])).toBeUndefined();
});
