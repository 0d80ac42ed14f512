import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Places } from '../src/docker.ts';
import { dockerAnswers } from '../src/docker.ts';

let folder: string;
/** A machine on which nothing is found but what a test puts there. */
let empty: Places;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-docker-test-'));
  empty = { home: folder, root: folder };
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a daemon behind a socket answers', async () => {
  const daemon = createHttpServer((_request, response) => response.end('OK')).listen(
    join(folder, 'docker.sock'),
  );
  await once(daemon, 'listening');
  expect(await dockerAnswers({ XDG_RUNTIME_DIR: folder }, empty)).toBe(true);
  expect(await dockerAnswers({ DOCKER_HOST: `unix://${folder}/docker.sock` }, empty)).toBe(true);
  await writeFile(join(folder, '.testcontainers.properties'), `docker.host=unix://${folder}/docker.sock\n`);
  expect(await dockerAnswers({}, empty)).toBe(true);
  daemon.close();
});

test('a socket without a daemon, and an address without anybody, do not', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has such an address
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  expect(await dockerAnswers({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }, empty)).toBe(false);
  expect(await dockerAnswers({ DOCKER_HOST: `unix://${folder}/nobody.sock` }, empty)).toBe(false);
  expect(await dockerAnswers({}, empty)).toBe(false);
});

test('one that accepts and never answers is given up after two seconds', async () => {
  const hung = createServer((socket) => socket.resume()).listen(join(folder, 'docker.sock'));
  await once(hung, 'listening');
  const before = performance.now();
  expect(await dockerAnswers({ XDG_RUNTIME_DIR: folder }, empty)).toBe(false);
  expect(performance.now() - before).toBeLessThan(4_000);
  hung.close();
});
