import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isFree } from '../src/ports.ts';
import { until } from '../src/until.ts';

function main(args: readonly string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: { ...process.env, ...env },
  });
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'serves until %s, then leaves nothing and ends well',
  async (signal) => {
    const child = main(['redis']);
    const ended = once(child, 'exit');
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    expect(line).toMatch(/^PARLEY_TEST_REDIS_URL=redis:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(String(line).split('=')[1] ?? '').port);
    expect(await isFree(port)).toBe(false);
    child.kill(signal);
    await ended;
    expect(child.exitCode).toBe(0);
    await until(() => isFree(port), { what: 'the port is free' });
  },
);

test('without any way to a server, says what is missing and fails', async () => {
  const child = main(['redis'], {
    PATH: '/nowhere',
    PARLEY_SERVICES: 'docker',
    DOCKER_HOST: 'tcp://127.0.0.1:1',
    HOME: '/nowhere',
  });
  const [complaint] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(complaint).toMatch(/^Redis is needed and not found\. Any of these helps:/);
  expect(child.exitCode).toBe(1);
});

test('a server that does not exist is refused', async () => {
  const child = main(['oracle']);
  const [complaint] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(complaint).toContain('there is no oracle: ask for redis, cluster, sentinel, postgres');
  expect(child.exitCode).toBe(2);
});
