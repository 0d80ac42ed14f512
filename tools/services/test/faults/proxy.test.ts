import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { startProxy } from '../../src/faults/proxy.ts';
import { LineClient, seen, startEcho, useProxiedEcho } from './echo.ts';

const house = useProxiedEcho();

describe('without a fault', () => {
  test('bytes pass in both directions and are counted', async () => {
    await using client = await house.connected();
    expect(house.proxy.counters).toEqual({
      connections: 1,
      open: 1,
      requestBytes: 6,
      replyBytes: 11,
      swallowedBytes: 0,
      lostReplies: 0,
    });
    client.socket.end();
    expect(await client.ended).toBe('closed');
    await vi.waitFor(() => expect(house.proxy.counters.open).toBe(0));
  });

  test('a client that ends its side still gets the replies (half-open)', async () => {
    await using client = new LineClient(house.proxy.port);
    client.socket.end('last\n');
    expect(await client.ended).toBe('closed');
    expect(client.text).toBe('echo last\nbye\n');
  });

  test('a server that resets its connection resets the client', async () => {
    await using client = await house.connected();
    for (const socket of house.echo.sockets) socket.resetAndDestroy();
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('a client that resets its connection is reset at the server', async () => {
    await using client = await house.connected();
    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(house.echo.sockets.size).toBe(0));
  });

  test('a server that is not there resets the client', async () => {
    await house.echo.close();
    await using client = new LineClient(house.proxy.port);
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('a client that does not read makes the server wait instead of filling memory', async () => {
    await using client = await house.connected();
    client.socket.pause();
    const [socket] = house.echo.sockets;
    if (socket === undefined) throw new Error('not connected');
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent < 64; sent += 1) socket.write(chunk);
    const waiting = await steady(() => socket.writableLength);
    expect(waiting).toBeGreaterThan(32 * chunk.length);
    client.socket.resume();
    await vi.waitFor(() => expect(house.proxy.counters.replyBytes).toBe(11 + 64 * chunk.length), 10_000);
  });

  test('it listens on 127.0.0.1 only, on a port that the kernel does not hand out', () => {
    expect(house.proxy.host).toBe('127.0.0.1');
    expect(house.proxy.port).toBeLessThan(32_768);
  });
});

test('refuse: new connections are refused, open ones continue, the port comes back', async () => {
  const { port } = house.proxy;
  await using open = await house.connected();
  house.proxy.refuse();
  await using refused = new LineClient(port);
  expect(await refused.ended).toBe('ECONNREFUSED');
  open.send('still here');
  await seen(open, 'echo hello\necho still here\n');
  await house.proxy.heal();
  expect(house.proxy.port).toBe(port);
  await using again = await house.connected();
  expect(again.text).toBe('echo hello\n');
});

test('cut: every connection is reset on both sides, new ones are served', async () => {
  await using one = await house.connected();
  await using two = await house.connected();
  house.proxy.cut();
  expect(await Promise.all([one.ended, two.ended])).toEqual(['ECONNRESET', 'ECONNRESET']);
  await vi.waitFor(() => expect(house.echo.sockets.size).toBe(0));
  await using again = await house.connected();
  expect(again.text).toBe('echo hello\n');
});

describe('delay', () => {
  test('a round trip takes at least twice as long, in order', async () => {
    await using client = await house.connected();
    house.proxy.delay(60);
    const started = performance.now();
    client.send('a');
    client.send('b');
    await seen(client, 'echo hello\necho a\necho b\n');
    expect(performance.now() - started).toBeGreaterThanOrEqual(119);
  });

  test('only the replies: the request is there at once', async () => {
    await using client = await house.connected();
    house.proxy.delay(60_000, 'replies');
    client.send('quick');
    await house.received(['hello', 'quick']);
    expect(client.text).toBe('echo hello\n');
  });

  test('heal delivers late what was waiting, and the end behind it', async () => {
    await using client = await house.connected();
    house.proxy.delay(60_000);
    client.socket.end('late\n');
    await sleep(20);
    expect(house.echo.received).toEqual(['hello']);
    await house.proxy.heal();
    expect(await client.ended).toBe('closed');
    expect(client.text).toBe('echo hello\necho late\nbye\n');
  });
});

test('slice: bytes arrive in small pieces and in order', async () => {
  await using client = await house.connected();
  house.proxy.slice(3);
  client.send('abcdefgh');
  await seen(client, 'echo hello\necho abcdefgh\n');
  expect(client.chunks.slice(1)).toEqual(['ech', 'o a', 'bcd', 'efg', 'h\n']);
});

test('retarget: new connections go to the other server, open ones stay', async () => {
  await using other = await startEcho();
  await using client = await house.connected();
  house.proxy.retarget(other);
  await using moved = await house.connected();
  client.send('stay');
  await seen(client, 'echo hello\necho stay\n');
  expect(moved.text).toBe('echo hello\n');
  expect([house.echo.received, other.received]).toEqual([['hello', 'stay'], ['hello']]);
});

test('url is the url of the target with the address of the proxy', async () => {
  await using named = await startProxy({
    target: { ...house.echo, url: 'postgres://me:secret@10.0.0.1:1/db?a=b' },
  });
  expect(named.url).toBe(`postgres://me:secret@127.0.0.1:${named.port}/db?a=b`);
});

test('close resets everything, resolves when nothing is left, and is safe twice', async () => {
  await using client = await house.connected();
  house.proxy.blackHole();
  await house.proxy.close();
  await house.proxy.close();
  expect(await client.ended).toBe('ECONNRESET');
  expect(house.proxy.counters.open).toBe(0);
  await using late = new LineClient(house.proxy.port);
  expect(await late.ended).toBe('ECONNREFUSED');
  await expect(house.proxy.heal()).rejects.toThrow('closed');
});

test('values that make no sense are refused by name', () => {
  expect(() => house.proxy.delay(-1)).toThrow('delay: ms');
  expect(() => house.proxy.slice(0)).toThrow('slice: bytes');
  expect(() => house.proxy.dropReplies({ count: 0 })).toThrow('dropReplies: count');
});

/** The value once it has stopped changing for 100 ms. */
async function steady(read: () => number): Promise<number> {
  for (let before = -1, now = read(); ; before = now, now = read()) {
    if (now === before) return now;
    await sleep(100);
  }
}
