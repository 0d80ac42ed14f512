import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { LineClient, seen, useProxiedEcho } from './echo.ts';

const house = useProxiedEcho();

describe('blackHole', () => {
  test('open connections stay open and silent, and are reset at heal because bytes are missing', async () => {
    await using client = await house.connected();
    house.proxy.blackHole();
    client.send('lost');
    await vi.waitFor(() => expect(house.proxy.counters.swallowedBytes).toBe(5));
    expect(client.socket.destroyed).toBe(false);
    await house.proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
    expect(house.echo.received).toEqual(['hello']);
    await using again = await house.connected();
    expect(again.text).toBe('echo hello\n');
  });

  test('a connection that lost nothing continues after heal', async () => {
    await using client = await house.connected();
    house.proxy.blackHole();
    await house.proxy.heal();
    client.send('again');
    await seen(client, 'echo hello\necho again\n');
    expect(house.proxy.counters).toMatchObject({ connections: 1, swallowedBytes: 0 });
  });

  test('new connections are accepted and hear nothing', async () => {
    house.proxy.blackHole();
    await using quiet = new LineClient(house.proxy.port);
    await using talking = new LineClient(house.proxy.port);
    talking.send('anyone?');
    await vi.waitFor(() => expect(house.proxy.counters.swallowedBytes).toBe(8));
    expect([talking.text, house.echo.sockets.size]).toEqual(['', 0]);
    await house.proxy.heal();
    expect(await talking.ended).toBe('ECONNRESET');
    quiet.send('now');
    await seen(quiet, 'echo now\n');
  });

  test.each(['end', 'resetAndDestroy'] as const)(
    'the server does not learn of %s until heal',
    async (leave) => {
      await using client = await house.connected();
      house.proxy.blackHole();
      client.socket[leave]();
      await sleep(50);
      expect(house.echo.sockets.size).toBe(1);
      await house.proxy.heal();
      await vi.waitFor(() => expect(house.echo.sockets.size).toBe(0));
    },
  );

  test('the client does not learn that the server is gone until heal', async () => {
    await using client = await house.connected();
    house.proxy.blackHole();
    for (const socket of house.echo.sockets) socket.resetAndDestroy();
    await sleep(50);
    expect(client.socket.readyState).toBe('open');
    await house.proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('what was on its way when it opened is lost', async () => {
    await using client = await house.connected();
    house.proxy.delay(60_000);
    client.send('on its way');
    await vi.waitFor(() => expect(client.socket.bytesWritten).toBe(17));
    await sleep(20);
    house.proxy.blackHole();
    await house.proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
    expect(house.echo.received).toEqual(['hello']);
  });
});

describe('dropReplies', () => {
  test('requests reach the server, the client sees nothing and is reset at heal', async () => {
    await using client = await house.connected();
    const { lost } = house.proxy.dropReplies();
    client.send('one');
    await house.received(['hello', 'one']);
    client.send('two');
    await house.received(['hello', 'one', 'two']);
    expect(await lost).toBe(true);
    expect(client.text).toBe('echo hello\n');
    await house.proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
    expect(client.text).toBe('echo hello\n');
  });

  test('with a count, so many connections lose one reply and the next is served', async () => {
    const { lost } = house.proxy.dropReplies({ count: 2, afterwards: 'cut' });
    for (const name of ['first', 'second']) {
      await using client = new LineClient(house.proxy.port);
      client.send(name);
      expect(await client.ended).toBe('ECONNRESET');
    }
    expect(await lost).toBe(true);
    await using third = await house.connected();
    expect(third.text).toBe('echo hello\n');
    expect(house.echo.received).toEqual(['first', 'second', 'hello']);
    expect(house.proxy.counters.lostReplies).toBe(2);
  });

  test('a silent loss concerns one connection only', async () => {
    await using client = await house.connected();
    const { lost } = house.proxy.dropReplies({ count: 1 });
    client.send('lost');
    expect(await lost).toBe(true);
    await using other = await house.connected();
    client.send('never answered');
    await house.received(['hello', 'lost', 'hello', 'never answered']);
    other.send('fine');
    await seen(other, 'echo hello\necho fine\n');
    expect(client.text).toBe('echo hello\n');
  });

  test('dropNextReply chooses by the request and cuts when the server has answered', async () => {
    await using client = await house.connected();
    const { lost } = house.proxy.dropNextReply((request) => request.includes('pay'));
    client.send('look');
    await seen(client, 'echo hello\necho look\n');
    client.send('pay');
    expect(await lost).toBe(true);
    expect(house.echo.received).toEqual(['hello', 'look', 'pay']);
    expect(await client.ended).toBe('ECONNRESET');
    await vi.waitFor(() => expect(house.proxy.counters.open).toBe(0));
  });

  test('lost says false when heal, another loss or close came first', async () => {
    const first = house.proxy.dropNextReply();
    const second = house.proxy.dropNextReply();
    expect(await first.lost).toBe(false);
    await house.proxy.heal();
    expect(await second.lost).toBe(false);
    const third = house.proxy.dropNextReply();
    await house.proxy.close();
    expect(await third.lost).toBe(false);
  });
});
