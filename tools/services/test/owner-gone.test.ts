import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { until } from '../src/until.ts';
import { isRunning, startOwner, untilGone } from './support/owners.ts';

test('a killed owner of a Redis and a cluster leaves no process and no folder', async () => {
  const owner = await startOwner('wait', ['redis', 'cluster']);
  expect(owner.owned.pids).toHaveLength(7);
  expect(owner.owned.pids.every(isRunning)).toBe(true);
  expect(existsSync(owner.owned.folder)).toBe(true);
  owner.process.kill('SIGKILL');
  await untilGone(owner.owned);
}, 60_000);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'an owner that %s ends leaves nothing',
  async (signal) => {
    const owner = await startOwner('wait', ['redis']);
    owner.process.kill(signal);
    await owner.ended;
    expect(owner.process.signalCode).toBe(signal);
    await untilGone(owner.owned);
  },
);

test('an owner that fails with an uncaught exception leaves nothing', async () => {
  const owner = await startOwner('throw', ['redis']);
  await owner.ended;
  expect(owner.process.exitCode).toBe(1);
  await untilGone(owner.owned);
});

test('an idle keeper does not keep its owner, and ends with it', async () => {
  const owner = await startOwner('return', ['redis']);
  await owner.ended;
  expect(owner.process.exitCode).toBe(0);
  await untilGone(owner.owned);
});

test('servers do not outlive a killed keeper, and their folder not the owner of both', async () => {
  const owner = await startOwner('wait', ['redis']);
  process.kill(owner.owned.keeper, 'SIGKILL');
  await untilGone(owner.owned);
  expect(owner.process.exitCode).toBeNull();
  owner.process.kill('SIGKILL');
  await owner.ended;
});

test('the kernel ends the servers of a killed keeper, without help from its owner', async () => {
  const owner = await startOwner('wait', ['redis']);
  owner.process.kill('SIGSTOP');
  process.kill(owner.owned.keeper, 'SIGKILL');
  await until(() => !owner.owned.pids.some(isRunning), { what: 'the servers are gone' });
  expect(existsSync(owner.owned.folder)).toBe(true);
  owner.process.kill('SIGCONT');
  await untilGone(owner.owned);
  owner.process.kill('SIGKILL');
  await owner.ended;
});

test('what nobody could tidy up, because owner and keeper were killed together, the next keeper does', async () => {
  const first = await startOwner('wait', ['redis']);
  first.process.kill('SIGSTOP');
  process.kill(first.owned.keeper, 'SIGKILL');
  first.process.kill('SIGKILL');
  await first.ended;
  expect(existsSync(first.owned.folder)).toBe(true);
  const second = await startOwner('wait', []);
  await untilGone(first.owned);
  second.process.kill('SIGKILL');
  await untilGone(second.owned);
});

test('two runs at once do not disturb each other', async () => {
  const [one, two] = await Promise.all([startOwner('wait', ['redis']), startOwner('wait', ['redis'])]);
  one.process.kill('SIGKILL');
  await untilGone(one.owned);
  expect(two.owned.pids.every(isRunning)).toBe(true);
  expect(existsSync(two.owned.folder)).toBe(true);
  two.process.kill('SIGKILL');
  await untilGone(two.owned);
});
