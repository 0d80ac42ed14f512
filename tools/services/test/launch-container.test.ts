import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exitStatus, joinFrames } from '../src/container.ts';
import { dockerAnswers } from '../src/docker.ts';
import { launcherFor } from '../src/launch.ts';
import { prepare } from '../src/prepare.ts';
import { processInfo } from '../src/processes.ts';
import { programs } from '../src/programs.ts';
import { startRedis } from '../src/redis.ts';
import { startRedisSentinel } from '../src/redis-sentinel.ts';
import { until } from '../src/until.ts';
import type { Engine } from './support/engine.ts';
import { startEngine } from './support/engine.ts';
import { isRunning, startOwner } from './support/owners.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  Object.assign(process.env, {
    DOCKER_HOST: engine.url,
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    PARLEY_SERVICES: 'docker',
  });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

afterEach(() => {
  if (engine.containers.size > 0) throw new Error('a container was left');
});

test('the image is fetched ahead', async () => {
  await prepare(programs.redis);
  expect(engine.requests).toContain('POST /images/create');
});

test('a server runs as who runs the tests, in the network of the host, with its folder under the same path', async () => {
  await using redis = await startRedis({ config: { requirepass: 'secret' } });
  const [container] = engine.containers.values();
  expect(container?.request).toMatchObject({
    Image: 'redis:7-alpine',
    Entrypoint: ['redis-server'],
    User: `${process.getuid?.()}:${process.getgid?.()}`,
    WorkingDir: redis.folder,
    HostConfig: {
      NetworkMode: 'host',
      Binds: [`${redis.folder}:${redis.folder}:rw`, `${redis.folder}.passwd:/etc/passwd:ro`],
    },
  });
  expect(await readFile(`${redis.folder}.passwd`, 'utf8')).toContain(
    `:${process.getuid?.()}:${process.getgid?.()}:`,
  );
  expect(await redis.command('PING')).toBe('PONG');
  expect(redis.pid).toBe(container?.process?.pid);
});

test('pause, resume, kill and both restarts do what they do with a process', async () => {
  await using redis = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } });
  await redis.pause();
  expect(processInfo(redis.pid)?.state).toBe('T');
  await redis.resume();
  await redis.command('SET', 'a', '1');
  const { pid } = redis;
  await redis.kill();
  expect(isRunning(pid)).toBe(false);
  await redis.restart({ data: 'keep' });
  expect(await redis.command('GET', 'a')).toBe('1');
  await redis.restart({ data: 'keep' });
  expect(await redis.command('GET', 'a')).toBe('1');
  await redis.pause();
  await redis.restart({ data: 'wipe' });
  expect(await redis.command('GET', 'a')).toBeNull();
  await redis.stop();
  expect(existsSync(redis.folder)).toBe(false);
  expect(existsSync(`${redis.folder}.passwd`)).toBe(false);
});

test('a server that cannot start says why', async () => {
  await expect(startRedis({ config: { 'no-such-directive': '1' } })).rejects.toThrow(/no-such-directive/);
});

test('a program runs to its end and its output is the answer', async () => {
  const launcher = await launcherFor('redis');
  const folder = await launcher.createFolder('test');
  const output = await launcher.run({ binary: 'redis-server', args: ['--version'], folder });
  expect(output).toMatch(/^Redis server v=/);
  await expect(launcher.run({ binary: 'sh', args: ['-c', 'echo broken; exit 3'], folder })).rejects.toThrow(
    /sh ended with 3\nbroken/,
  );
  await launcher.removeFolder(folder);
});

test('Sentinel needs no other code than with processes', async () => {
  await using sentinel = await startRedisSentinel({ replicas: 1, sentinels: 1 });
  const old = await sentinel.master();
  expect((await sentinel.failover({ by: 'kill' })).port).not.toBe(old.port);
}, 60_000);

test('the containers of a killed owner are removed by its keeper', async () => {
  const owner = await startOwner('wait', ['redis']);
  expect(engine.containers.size).toBe(1);
  owner.process.kill('SIGKILL');
  await until(() => engine.containers.size === 0, { what: 'the container is removed' });
  expect(owner.owned.pids.some(isRunning)).toBe(false);
  await until(() => !existsSync(owner.owned.folder), { what: 'the folder is removed' });
});

describe('the words of an engine', () => {
  test('numbers above 128 are signals', () => {
    expect([0, 3, 137, 143].map(exitStatus)).toEqual([
      { code: 0, signal: null },
      { code: 3, signal: null },
      { code: null, signal: 'SIGKILL' },
      { code: null, signal: 'SIGTERM' },
    ]);
  });

  test('output comes in frames, the last of which may be cut', () => {
    const frames = Buffer.from([1, 0, 0, 0, 0, 0, 0, 2, 104, 105, 2, 0, 0, 0, 0, 0, 0, 9, 33]);
    expect(joinFrames(frames)).toBe('hi!');
    expect(joinFrames(Buffer.alloc(5))).toBe('');
  });
});

test('a daemon is found where DOCKER_HOST points', async () => {
  expect(await dockerAnswers({ DOCKER_HOST: engine.url })).toBe(true);
});
