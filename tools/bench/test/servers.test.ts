import { expect, it } from 'vitest';
import { withServers } from '../src/servers.ts';
import type { ServerName } from '../src/servers.ts';
import { runFixture } from './run-fixture.ts';

function starter(log: string[], missing?: ServerName) {
  return async (name: ServerName) => {
    if (name === missing) throw new Error(`${name} is needed and not found`);
    log.push(`start ${name}`);
    const stop = async () => {
      log.push(`stop ${name}`);
    };
    return { url: `${name}://here`, pid: process.pid, stop };
  };
}

it('starts each server once for the time of the work', async () => {
  const log: string[] = [];
  const work = async () => log.push('work');
  await withServers(new Set(['redis', 'postgres']), work, starter(log));
  expect(log).toEqual(['start redis', 'start postgres', 'work', 'stop redis', 'stop postgres']);
});

it('stops them also when the work fails', async () => {
  const log: string[] = [];
  const work = () => Promise.reject(new Error('failed'));
  await expect(withServers(new Set(['redis']), work, starter(log))).rejects.toThrow('failed');
  expect(log).toEqual(['start redis', 'stop redis']);
});

it('stops what runs already when another is missing, before any work', async () => {
  const log: string[] = [];
  const work = async () => log.push('work');
  const run = withServers(new Set(['redis', 'postgres']), work, starter(log, 'postgres'));
  await expect(run).rejects.toThrow('postgres is needed and not found');
  expect(log).toEqual(['start redis', 'stop redis']);
});

it('hands a scenario the addresses of the servers that it asks for, and counts their CPU time', async () => {
  const start = starter([]);
  const servers = new Map([
    ['redis', await start('redis')],
    ['postgres', await start('postgres')],
  ] as const);
  const { ours, floor } = await runFixture('servers', 'asks', { servers });
  expect(ours?.rounds[0]?.value).toBe('redis://here'.length);
  expect(ours?.rounds[0]?.figures['serverCpuSeconds']).toSatisfy(
    (seconds: unknown) => process.platform !== 'linux' || typeof seconds === 'number',
  );
  expect(floor?.failure).toMatch(/does not ask for the server "postgres"/u);
});

it('tells a subject which processes the servers are', async () => {
  const servers = new Map([['redis', await starter([])('redis')]] as const);
  const { ours, floor } = await runFixture('servers', 'process', { servers });
  expect(ours?.rounds[0]?.value).toBe(process.pid);
  expect(floor?.failure).toMatch(/does not ask for the server "postgres"/u);
});
