import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askOut, callOut, CallFailed } from '../../src/webhooks/call-out.ts';
import { Networks } from '../../src/webhooks/networks.ts';
import type { Resolve } from '../../src/webhooks/resolve.ts';
import { startTarget, type Target } from '../support/target.ts';

const here = new Networks(['127.0.0.0/8']);
let target: Target;
beforeAll(async () => void (target = await startTarget()));
afterAll(() => target.close());

const post = (url: string, more: { resolve?: Resolve; networks?: Networks; ms?: number } = {}) =>
  callOut(
    { url: new URL(url), headers: {}, body: '{}' },
    {
      networks: more.networks ?? here,
      signal: AbortSignal.timeout(more.ms ?? 10_000),
      resolve: more.resolve,
    },
  );

test('the name is resolved once, and what was looked at is what is called', async () => {
  let asked = 0;
  const resolve: Resolve = async () => {
    asked += 1;
    return [{ address: asked === 1 ? '127.0.0.1' : '203.0.113.1' }];
  };
  expect(await post(`http://hook.example:${target.port}/`, { resolve })).toBe(200);
  expect(asked).toBe(1);
  expect(target.calls.at(-1)?.headers['host']).toBe(`hook.example:${target.port}`);
});

test('a name with one address that is not to be called is not called at all', async () => {
  const before = target.calls.length;
  const resolve: Resolve = async () => [{ address: '127.0.0.1' }, { address: '10.0.0.1' }];
  const failure = await post(`http://hook.example:${target.port}/`, { resolve }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: 'CallFailed', final: true });
  for (const url of [
    `http://127.0.0.1:${target.port}/`,
    `http://[::1]:${target.port}/`,
    `http://2130706433:${target.port}/`,
  ])
    await expect(post(url, { networks: new Networks([]) })).rejects.toMatchObject({ final: true });
  expect(target.calls).toHaveLength(before);
});

test('a redirect is an answer, and not followed', async () => {
  const before = target.calls.length;
  target.answer = (_, reply) =>
    void reply.writeHead(302, { location: `http://127.0.0.1:${target.port}/x` }).end();
  expect(await post(target.url)).toBe(302);
  expect(target.calls).toHaveLength(before + 1);
});

test('what answers without end is not read', async () => {
  let written = 0;
  const ended = Promise.withResolvers<void>();
  target.answer = (_, reply) => {
    const part = Buffer.alloc(65_536);
    reply.on('close', () => ended.resolve());
    const more = (): void => {
      while (!reply.destroyed && written < 2 ** 30) {
        written += part.length;
        if (!reply.write(part)) return void reply.once('drain', more);
      }
    };
    reply.writeHead(200);
    more();
  };
  expect(await post(target.url)).toBe(200);
  await ended.promise;
  expect(written).toBeLessThan(2 ** 26);
});

/** Says this to whoever connects. */
async function saying(text: string, then: 'end' | 'stay') {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    if (then === 'end') socket.end(text);
    else socket.write(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

test('each address of a name is tried', async () => {
  target.answer = (_, reply) => void reply.writeHead(200).end();
  const resolve: Resolve = async () => [{ address: '127.0.0.9' }, { address: '127.0.0.1' }];
  expect(await post(`http://hook.example:${target.port}/`, { resolve })).toBe(200);
});

test('who wants to speak another protocol has answered, and is not waited for', async () => {
  const server = await saying(
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\n',
    'stay',
  );
  expect(await post(server.url)).toBe(101);
  const call = { url: new URL(server.url), headers: {}, body: '{}' };
  const signal = AbortSignal.timeout(10_000);
  expect(await askOut(call, 10, { networks: here, signal })).toMatchObject({ status: 101 });
  server.close();
});

test('what does not answer, or answers nonsense, is given up', async () => {
  target.answer = () => undefined;
  await expect(post(target.url, { ms: 200 })).rejects.toThrow('did not answer in time');
  const server = await saying('nonsense\r\n\r\n', 'end');
  await expect(post(server.url)).rejects.toBeInstanceOf(CallFailed);
  server.close();
  const endless = await saying('HTTP/1.1 103 Early Hints\r\n\r\n', 'stay');
  await expect(post(endless.url, { ms: 200 })).rejects.toThrow('did not answer in time');
  endless.close();
  const hung: Resolve = () => new Promise(() => undefined);
  await expect(post('http://hook.example/', { resolve: hung, ms: 100 })).rejects.toThrow(
    'did not answer in time',
  );
  const unknown: Resolve = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  await expect(post('http://nowhere.example/', { resolve: unknown })).rejects.toThrow('ENOTFOUND');
});

test('what is read of an answer is all of it, or nothing', async () => {
  const ask = (most: number) =>
    askOut({ url: new URL(target.url), headers: {}, body: '{}' }, most, {
      networks: here,
      signal: AbortSignal.timeout(10_000),
    });
  target.answer = (_, reply) => {
    reply.writeHead(201, { 'content-type': 'text/plain' }).write('half ');
    reply.end('whole');
  };
  expect(await ask(10)).toEqual({ status: 201, type: 'text/plain', body: Buffer.from('half whole') });
  await expect(ask(9)).rejects.toThrow('it answered too much');
  target.answer = (_, reply) => {
    reply.writeHead(200).write('half');
    setImmediate(() => reply.destroy());
  };
  await expect(ask(10)).rejects.toThrow('cannot be reached');
});
