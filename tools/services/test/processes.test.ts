import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { isAlive, killTree, pauseTree, processInfo, resumeTree } from '../src/processes.ts';
import { until } from '../src/until.ts';

const children: ChildProcess[] = [];

/** A parent that starts children, each in a session of its own as those of Postgres are, and prints the pids of all. */
async function family(script: string): Promise<number[]> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return String(line).split(' ').map(Number);
}

const twoChildren = 'setsid sleep 1000 & one=$!; setsid sleep 1000 & echo $$ $one $!; wait';

afterEach(async () => {
  for (const child of children.splice(0)) await killTree(child.pid ?? 0);
});

const states = (pids: readonly number[]): (string | undefined)[] =>
  pids.map((pid) => processInfo(pid)?.state);

test('a pause is over the whole tree when it resolves, and so is its end', async () => {
  const pids = await family(twoChildren);
  await pauseTree(pids[0] ?? 0);
  expect(states(pids)).toEqual(['T', 'T', 'T']);
  await resumeTree(pids[0] ?? 0);
  expect(states(pids)).not.toContain('T');
});

test('pausing twice, and resuming what runs, are fine', async () => {
  const pids = await family(twoChildren);
  await pauseTree(pids[0] ?? 0);
  await pauseTree(pids[0] ?? 0);
  await resumeTree(pids[0] ?? 0);
  await resumeTree(pids[0] ?? 0);
  expect(states(pids)).not.toContain('T');
});

test('a kill is over the whole tree when it resolves', async () => {
  const pids = await family(twoChildren);
  await killTree(pids[0] ?? 0);
  expect(states(pids).every((state) => state === undefined || state === 'Z')).toBe(true);
});

test('a kill catches the children that a parent keeps starting', async () => {
  const mark = `${1_000_000 + process.pid}`;
  const [parent = 0] = await family(`echo $$; while :; do sleep ${mark} & sleep 0.001; done`);
  const marked = (): number =>
    execFileSync('ps', ['-A', '-o', 'stat=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => !line.startsWith('Z') && line.endsWith(`sleep ${mark}`)).length;
  await until(() => marked() > 5, { what: 'there are children' });
  await killTree(parent);
  expect(marked()).toBe(0);
});

test('a pid that was given to another process is not taken for the first', () => {
  const own = processInfo(process.pid);
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid });
  expect(isAlive({ pid: process.pid, startTime: own?.startTime ?? '' })).toBe(true);
  expect(isAlive({ pid: process.pid, startTime: `${own?.startTime}0` })).toBe(false);
});

test('a process that is gone can be asked for, paused and killed', async () => {
  const [pid = 0] = await family('echo $$');
  await until(() => processInfo(pid) === undefined, { what: 'the process is gone' });
  await pauseTree(pid);
  await resumeTree(pid);
  await killTree(pid);
  expect(processInfo(pid)).toBeUndefined();
});
