import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Cluster, Redis } from 'ioredis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sharedRedis, sharedRedisCluster, sharedRedisSentinel } from '../src/shared.ts';
import { BROKER_VARIABLE, startBroker } from '../src/shared-broker.ts';

const run = promisify(execFile);

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Asks in another process, as another test file would. */
async function elsewhere(question: string): Promise<unknown> {
  const module = fileURLToPath(new URL('../src/shared.ts', import.meta.url));
  const script = `const shared = await import(${JSON.stringify(module)}); console.log(JSON.stringify(await ${question}));`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  const { stdout } = await run(process.execPath, flags);
  return JSON.parse(stdout);
}

describe('in a test run', () => {
  test('all processes share one Redis, each caller with a prefix of its own', async () => {
    const [here, again] = [await sharedRedis(), await sharedRedis()];
    const there = await elsewhere('shared.sharedRedis()');
    expect(again.url).toBe(here.url);
    expect(there).toMatchObject({ url: here.url });
    expect(new Set([here.prefix, again.prefix, JSON.stringify(there)]).size).toBe(3);
    const client = new Redis(here.url);
    expect(await client.set(`${here.prefix}a`, '1')).toBe('OK');
    client.disconnect();
  });

  test('and one cluster', async () => {
    const { urls, prefix } = await sharedRedisCluster();
    expect(urls).toHaveLength(6);
    const client = new Cluster([...urls]);
    expect(await client.set(`${prefix}a`, '1')).toBe('OK');
    client.disconnect();
  });

  test('and one set of Sentinels', async () => {
    const { urls, name, prefix } = await sharedRedisSentinel();
    expect(urls).toHaveLength(3);
    const sentinels = urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) }));
    const client = new Redis({ sentinels, name });
    expect(await client.set(`${prefix}a`, '1')).toBe('OK');
    client.disconnect();
  });
});

test('outside of a run, a process has its own and ends by itself', async () => {
  vi.stubEnv(BROKER_VARIABLE, undefined);
  const { url } = await sharedRedis();
  expect(await elsewhere('shared.sharedRedis()')).not.toMatchObject({ url });
});

test('servers that are given are used, and nothing is started', async () => {
  vi.stubEnv('PARLEY_TEST_REDIS_URL', 'redis://given:1');
  vi.stubEnv('PARLEY_TEST_REDIS_CLUSTER_URLS', 'redis://given:1,redis://given:2');
  vi.stubEnv('PARLEY_TEST_REDIS_SENTINEL_URLS', 'redis://given:3');
  vi.stubEnv(BROKER_VARIABLE, undefined);
  expect(await elsewhere('shared.sharedRedis()')).toMatchObject({ url: 'redis://given:1' });
  expect(await elsewhere('shared.sharedRedisCluster()')).toMatchObject({
    urls: ['redis://given:1', 'redis://given:2'],
  });
  expect(await elsewhere('shared.sharedRedisSentinel()')).toMatchObject({
    urls: ['redis://given:3'],
    name: 'main',
  });
});

describe('the broker', () => {
  test('starts nothing before it is asked, and then once for all who ask', async () => {
    const started: string[] = [];
    await using broker = await startBroker((kind) => {
      started.push(kind);
      return Promise.resolve({ urls: [`${kind}://here`] });
    });
    expect(started).toEqual([]);
    const answers = await Promise.all([1, 2, 3].map(async () => (await fetch(`${broker.url}/redis`)).json()));
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ urls: ['redis://here'] })));
    expect(started).toEqual(['redis']);
  });

  test('tells why there is no server, and tries again for the next', async () => {
    let tries = 0;
    await using broker = await startBroker(() => {
      tries++;
      return Promise.reject(new Error('none to be had'));
    });
    vi.stubEnv(BROKER_VARIABLE, broker.url);
    await expect(elsewhere('shared.sharedRedis()')).rejects.toThrow(/none to be had/);
    await expect(elsewhere('shared.sharedRedis()')).rejects.toThrow(/none to be had/);
    expect(tries).toBe(2);
  });

  test('serves nobody who does not know it, and nothing it does not know', async () => {
    await using broker = await startBroker(() => Promise.reject(new Error('must not be called')));
    expect((await fetch(new URL('/guessed/redis', broker.url))).status).toBe(403);
    expect((await fetch(`${broker.url}/oracle`)).status).toBe(404);
  });
});
