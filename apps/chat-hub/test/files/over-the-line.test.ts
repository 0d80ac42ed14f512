import { randomBytes } from 'node:crypto';
import { readdir, readlink } from 'node:fs/promises';
import {
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import { virtualClock } from '@parley/cache-core/kernel';
import type { File } from '@parley/hub-protocol';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { keepPace } from '../../src/http/downloads.ts';
import { BlobFaults, Gate } from '../support/blob-faults.ts';
import { openFileWorld, type FileWorld } from '../support/file-world.ts';
import { outcomeOf, type TestUser } from '../support/hub.ts';

vi.setConfig({ testTimeout: 60_000 });

const faults = new BlobFaults();
let files: FileWorld;
let url: string;
beforeAll(async () => {
  files = await openFileWorld('embedded', {}, { wrapBlobs: faults.wrap });
  url = await files.world.hub.listen();
}, 60_000);
afterAll(() => files[Symbol.asyncDispose](), 60_000);
afterEach(() => {
  faults.fault = () => undefined;
});

const size = 100_000;

/** The head of a request, and what of its body a test wants to send. */
function begin(method: string, path: string, who: TestUser, length?: number): ClientRequest {
  const sent = request(`${url}/api/v1${path}`, {
    method,
    agent: false,
    headers: {
      authorization: `Bearer ${who.token}`,
      ...(length !== undefined && {
        'content-type': 'application/octet-stream',
        'content-length': length,
      }),
    },
  });
  sent.on('error', () => undefined);
  sent.flushHeaders();
  return sent;
}

const beginPart = async (who: TestUser): Promise<ClientRequest> => {
  const { id } = (await files.create({ size }, who)).json<File>();
  const sent = begin('PUT', `/files/${id}/parts/0`, who, size);
  sent.write(Buffer.alloc(1_000));
  return sent;
};

const put = async (who: TestUser): Promise<unknown> => {
  const { id } = (await files.create({ size }, who)).json<File>();
  return outcomeOf(await files.write(id, 0, randomBytes(size), { who }));
};

async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('there is one');
  response.resume();
  return response;
}

test('uploads whose line breaks give their places back, and those of one user take no others’', async () => {
  for (let round = 0; round < 2; round += 1) {
    const broken: ClientRequest[] = [];
    await vi.waitFor(
      async () => {
        broken.push(await beginPart(files.ann));
        expect(await put(files.ann)).toBe('RATE_LIMITED');
      },
      { timeout: 20_000, interval: 5 },
    );
    expect(await put(files.bob)).toBe(200);
    for (const sent of broken) sent.destroy();
    await vi.waitFor(async () => expect(await put(files.ann)).toBe(200), { timeout: 20_000, interval: 20 });
  }
});

test('a part has its place for as long as it is being written, also when nobody waits for it', async () => {
  const gate = new Gate();
  faults.fault = (work) => (work === 'put' ? gate.pass() : undefined);
  const { id } = (await files.create({ size })).json<File>();
  const sent = begin('PUT', `/files/${id}/parts/0`, files.ann, size);
  sent.end(randomBytes(size));
  await gate.reached;
  await new Promise((resolve) => sent.once('close', resolve).destroy());
  const others = Array.from({ length: 7 }, () => beginPart(files.ann));
  const open = await Promise.all(others);
  await vi.waitFor(async () => expect(await put(files.ann)).toBe('RATE_LIMITED'), { timeout: 20_000 });
  gate.open();
  await vi.waitFor(
    async () => expect((await files.get(`/files/${id}`, files.ann)).json()).toMatchObject({ received: size }),
    { timeout: 20_000 },
  );
  for (const one of open) one.destroy();
  await vi.waitFor(async () => expect(await put(files.ann)).toBe(200), { timeout: 20_000 });
});

test('a part that is not wanted is refused before its bytes have come', async () => {
  const { id } = (await files.create({ size })).json<File>();
  for (const [path, who, status] of [
    [`/files/${id}/parts/0`, files.eve, 404],
    [`/files/${id}/parts/0`, files.bob, 404],
    [`/files/${id}/parts/70000`, files.ann, 409],
    [`/files/${files.room}/parts/0`, files.ann, 404],
  ] as const) {
    const sent = begin('PUT', path, who, size);
    expect((await answerTo(sent)).statusCode).toBe(status);
    sent.destroy();
  }
  const tooLong = begin('PUT', `/files/${id}/parts/0`, files.ann, 4_194_305);
  expect((await answerTo(tooLong)).statusCode).toBe(413);
  tooLong.destroy();
});

/** Descriptors of this process for what is in the folder. */
async function descriptors(): Promise<number> {
  const names = await readdir('/proc/self/fd');
  const paths = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(files.folder)).length;
}

test('nothing stays open of downloads that nobody waited for', async () => {
  const { file } = await files.share(randomBytes(2_500_000));
  const gate = new Gate();
  faults.fault = (work) => (work === 'read' ? gate.pass() : undefined);
  const asked = Array.from({ length: 5 }, () => begin('GET', `/files/${file.id}/content`, files.bob));
  for (const sent of asked) sent.end();
  await vi.waitFor(() => expect(gate.waiting).toBe(5), { timeout: 20_000 });
  const server = files.world.hub.server.server;
  for (const sent of asked) sent.destroy();
  await vi.waitFor(
    async () => {
      const open = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
      expect(open).toBe(0);
    },
    { timeout: 20_000 },
  );
  const read = faults.done.length;
  gate.open();
  await vi.waitFor(() => expect(faults.done.length).toBe(read + 5), { timeout: 20_000 });
  await vi.waitFor(async () => expect(await descriptors()).toBe(0), { timeout: 20_000 });
  expect(outcomeOf(await files.get(`/files/${file.id}/content`))).toBe(200);
});

test('one user has so many downloads at once, and others have theirs', async () => {
  const { file } = await files.share(randomBytes(100));
  const path = `/files/${file.id}/content`;
  const gate = new Gate();
  faults.fault = (work) => (work === 'read' ? gate.pass() : undefined);
  const begun = Array.from({ length: 20 }, () => files.get(path));
  await vi.waitFor(() => expect(gate.waiting).toBe(20), { timeout: 20_000 });
  expect(outcomeOf(await files.get(path))).toBe('RATE_LIMITED');
  const other = files.get(path, files.ann);
  gate.open();
  expect(new Set((await Promise.all([...begun, other])).map(outcomeOf))).toEqual(new Set([200]));
  expect(outcomeOf(await files.get(path))).toBe(200);
});

test('who reads next to nothing is let go', async () => {
  const clock = virtualClock();
  const begun = Promise.withResolvers<ServerResponse>();
  await using server = createServer((_, response) => {
    keepPace(response, { clock, everyMs: 30_000, least: 30_000 });
    begun.resolve(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sent = request({ host: '127.0.0.1', port, agent: false }).on('error', () => undefined);
  sent.end();
  const response = await begun.promise;
  for (const bytes of [40_000, 30_000]) {
    response.write(Buffer.alloc(bytes));
    await clock.advance(30_000);
    expect(response.destroyed).toBe(false);
  }
  response.write(Buffer.alloc(20_000));
  await clock.advance(30_000);
  expect(response.destroyed).toBe(true);
});
