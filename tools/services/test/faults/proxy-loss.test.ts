import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaultProxy } from '../../src/faults/proxy.ts';
import { LineClient, seen, startProxiedEcho, type EchoServer, type ProxiedEcho } from './echo.ts';

let house: ProxiedEcho;
let echo: EchoServer;
let proxy: FaultProxy;
let connected: () => Promise<LineClient>;
let received: (lines: string[]) => Promise<void>;

beforeEach(async () => {
  house = await startProxiedEcho();
  ({ echo, proxy, connected, received } = house);
});

afterEach(() => house[Symbol.asyncDispose]());

describe('blackHole', () => {
  test('open connections stay open and silent, and are reset at heal because bytes are missing', async () => {
    await using client = await connected();
    proxy.blackHole();
    client.send('lost');
    await vi.waitFor(() => expect(proxy.counters.swallowedBytes).toBe(5));
    expect(client.socket.destroyed).toBe(false);
    await proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
    expect(echo.received).toEqual(['hello']);
    await using again = await connected();
    expect(again.text).toBe('echo hello\n');
  });

  test('a connection that lost nothing continues after heal', async () => {
    await using client = await connected();
    proxy.blackHole();
    await proxy.heal();
    client.send('again');
    await seen(client, 'echo hello\necho again\n');
    expect(proxy.counters).toMatchObject({ connections: 1, swallowedBytes: 0 });
  });

  test('new connections are accepted and hear nothing', async () => {
    proxy.blackHole();
    await using quiet = new LineClient(proxy.port);
    await using talking = new LineClient(proxy.port);
    talking.send('anyone?');
    await vi.waitFor(() => expect(proxy.counters.swallowedBytes).toBe(8));
    expect([talking.text, echo.sockets.size]).toEqual(['', 0]);
    await proxy.heal();
    expect(await talking.ended).toBe('ECONNRESET');
    quiet.send('now');
    await seen(quiet, 'echo now\n');
  });

  test.each(['end', 'resetAndDestroy'] as const)(
    'the server does not learn of %s until heal',
    async (leave) => {
      await using client = await connected();
      proxy.blackHole();
      client.socket[leave]();
      await sleep(50);
      expect(echo.sockets.size).toBe(1);
      await proxy.heal();
      await vi.waitFor(() => expect(echo.sockets.size).toBe(0));
    },
  );

  test('the client does not learn that the server is gone until heal', async () => {
    await using client = await connected();
    proxy.blackHole();
    for (const socket of echo.sockets) socket.resetAndDestroy();
    await sleep(50);
    expect(client.socket.readyState).toBe('open');
    await proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('what was on its way when it opened is lost', async () => {
    await using client = await connected();
    proxy.delay(60_000);
    client.send('on its way');
    await vi.waitFor(() => expect(client.socket.bytesWritten).toBe(17));
    await sleep(20);
    proxy.blackHole();
    await proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
    expect(echo.received).toEqual(['hello']);
  });
});

describe('dropReplies', () => {
  test('requests reach the server, the client sees nothing and is reset at heal', async () => {
    await using client = await connected();
    const { lost } = proxy.dropReplies();
    client.send('one');
    await received(['hello', 'one']);
    client.send('two');
    await received(['hello', 'one', 'two']);
    expect(await lost).toBe(true);
    expect(client.text).toBe('echo hello\n');
    await proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
    expect(client.text).toBe('echo hello\n');
  });

  test('with a count, so many connections lose one reply and the next is served', async () => {
    const { lost } = proxy.dropReplies({ count: 2, afterwards: 'cut' });
    for (const name of ['first', 'second']) {
      await using client = new LineClient(proxy.port);
      client.send(name);
      expect(await client.ended).toBe('ECONNRESET');
    }
    expect(await lost).toBe(true);
    await using third = await connected();
    expect(third.text).toBe('echo hello\n');
    expect(echo.received).toEqual(['first', 'second', 'hello']);
    expect(proxy.counters.lostReplies).toBe(2);
  });

  test('a silent loss concerns one connection only', async () => {
    await using client = await connected();
    const { lost } = proxy.dropReplies({ count: 1 });
    client.send('lost');
    expect(await lost).toBe(true);
    await using other = await connected();
    client.send('never answered');
    await received(['hello', 'lost', 'hello', 'never answered']);
    other.send('fine');
    await seen(other, 'echo hello\necho fine\n');
    expect(client.text).toBe('echo hello\n');
  });

  test('dropNextReply chooses by the request and cuts when the server has answered', async () => {
    await using client = await connected();
    const { lost } = proxy.dropNextReply((request) => request.includes('pay'));
    client.send('look');
    await seen(client, 'echo hello\necho look\n');
    client.send('pay');
    expect(await lost).toBe(true);
    expect(echo.received).toEqual(['hello', 'look', 'pay']);
    expect(await client.ended).toBe('ECONNRESET');
    await vi.waitFor(() => expect(proxy.counters.open).toBe(0));
  });

  test('lost says false when heal, another loss or close came first', async () => {
    const first = proxy.dropNextReply();
    const second = proxy.dropNextReply();
    expect(await first.lost).toBe(false);
    await proxy.heal();
    expect(await second.lost).toBe(false);
    const third = proxy.dropNextReply();
    await proxy.close();
    expect(await third.lost).toBe(false);
  });
});
