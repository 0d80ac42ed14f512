import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noPartitionBecause } from '../../src/faults/partition-obstacle.ts';
import { partitionHost, startPartition } from '../../src/faults/partition.ts';
import { tcpEnds, type TcpEnd } from '../../src/faults/tcp-ends.ts';
import { MissingPrivilegeError } from '../../src/errors.ts';
import { programs } from '../../src/programs.ts';
import { startPostgres } from '../../src/postgres.ts';
import { withPostgres } from '../../src/postgres-admin.ts';
import { startRedis } from '../../src/redis.ts';
import { withRedis } from '../../src/redis-admin.ts';
import { resolveProgram } from '../../src/resolve.ts';
import { until } from '../../src/until.ts';
import { startOwner, untilGone } from '../support/owners.ts';
import { LineClient, seen, startEcho, type EchoServer } from './echo.ts';

// The first use may install the package.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let echo: EchoServer;
const clients: LineClient[] = [];

beforeEach(async () => {
  echo = await startEcho();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client[Symbol.asyncDispose]();
  await echo.close();
});

function dial(server: EchoServer): LineClient {
  const client = new LineClient(server.port);
  clients.push(client);
  return client;
}

async function connected(server: EchoServer): Promise<LineClient> {
  const client = dial(server);
  client.send('hello');
  await seen(client, 'echo hello\n');
  return client;
}

/** Resolves when the kernel has sent the same again and nobody has answered. */
function sendsAgain(port: number, isIt: (end: TcpEnd) => boolean): Promise<boolean> {
  const again = async (): Promise<boolean> =>
    (await tcpEnds(port)).some((end) => isIt(end) && end.retransmits > 1);
  return until(again, { what: `nobody answers on port ${port}` });
}

const fromServer =
  ({ port }: EchoServer) =>
  (end: TcpEnd): boolean =>
    end.localPort === port && end.state === 'established';
const fromClient =
  ({ port }: EchoServer) =>
  (end: TcpEnd): boolean =>
    end.remotePort === port && end.state === 'established';

async function tables(): Promise<string> {
  const found = await resolveProgram(programs.nftables);
  if (found.way === 'docker') throw new Error('nft has no image');
  const { stdout } = await promisify(execFile)(`${found.folder}/nft`, ['list', 'tables']);
  return stdout;
}

const tablesOf = async (pid: number): Promise<number> => (await tables()).split(`parley_${pid}_`).length - 1;

describe('an open connection', () => {
  test('hears nothing in either direction, stays open on both sides, and goes on where it was', async () => {
    const client = await connected(echo);
    const [atServer] = echo.sockets;
    const told: string[] = [];
    for (const event of ['end', 'close', 'error', 'data']) {
      client.socket.on(event, () => told.push(`client ${event}`));
      atServer?.on(event, () => told.push(`server ${event}`));
    }
    const partition = await startPartition(echo);
    client.send('to the server');
    atServer?.write('to the client\n');
    await Promise.all([sendsAgain(echo.port, fromClient(echo)), sendsAgain(echo.port, fromServer(echo))]);
    expect(told).toEqual([]);
    await partition.heal();
    await until(() => client.text.endsWith('echo to the server\n'), { what: 'both arrive' });
    expect(client.text).toBe('echo hello\nto the client\necho to the server\n');
    expect(echo.received).toEqual(['hello', 'to the server']);
    expect([client.socket.destroyed, atServer?.destroyed]).toEqual([false, false]);
  });

  test('that ends meanwhile keeps its end to itself, until it heals', async () => {
    const client = await connected(echo);
    const partition = await startPartition(echo);
    client.socket.end('last words\n');
    await sendsAgain(echo.port, (end) => end.remotePort === echo.port);
    expect(echo.sockets.size).toBe(1);
    await partition.heal();
    expect(await client.ended).toBe('closed');
    expect(client.text).toBe('echo hello\necho last words\nbye\n');
  });

  test('that was given up still says what it had to say, when it heals', async () => {
    const client = await connected(echo);
    const partition = await startPartition(echo);
    client.send('last words');
    client.socket.destroy();
    await client.ended;
    await sendsAgain(echo.port, (end) => end.remotePort === echo.port);
    expect(echo.received).toEqual(['hello']);
    await partition.heal();
    await partition.delivered();
    await until(() => echo.received.at(-1) === 'last words', { what: 'it is said' });
  });

  test('that is reset is a surprise for the other side: it is told when it speaks', async () => {
    const client = await connected(echo);
    const [atServer] = echo.sockets;
    const partition = await startPartition(echo);
    client.socket.resetAndDestroy();
    await client.ended;
    atServer?.write('are you there?\n');
    await sendsAgain(echo.port, fromServer(echo));
    expect(atServer?.destroyed).toBe(false);
    await partition.heal();
    await until(() => echo.sockets.size === 0, { what: 'the server is told' });
  });
});

test('a new connection is neither accepted nor refused, and comes up when it heals', async () => {
  const partition = await startPartition(echo);
  const client = dial(echo);
  client.send('at last');
  await sendsAgain(echo.port, ({ state }) => state === 'connecting');
  expect([client.socket.connecting, echo.sockets.size]).toEqual([true, 0]);
  await partition.heal();
  await until(() => client.text === 'echo at last\n', { what: 'it is answered' });
});

test('two partitions at the same time know nothing of each other, and who is in none notices none', async () => {
  await using other = await startEcho();
  await using outside = await startEcho();
  const servers = [echo, other, outside];
  const [one, two, free] = await Promise.all(servers.map(connected));
  const [first, second] = await Promise.all([startPartition(echo), startPartition(other)]);
  for (const client of [one, two, free]) client?.send('again');
  await until(() => free?.text === 'echo hello\necho again\n', { what: 'who is free is answered' });
  await Promise.all([sendsAgain(echo.port, fromClient(echo)), sendsAgain(other.port, fromClient(other))]);
  await first?.heal();
  await until(() => one?.text === 'echo hello\necho again\n', { what: 'who is healed is answered' });
  two?.send('and again');
  await sendsAgain(other.port, fromClient(other));
  expect(two?.text).toBe('echo hello\n');
  await second?.heal();
  await until(() => two?.text === 'echo hello\necho again\necho and again\n', { what: 'all are answered' });
});

test('one partition may cut off several servers, and heals once', async () => {
  await using other = await startEcho();
  const partition = await startPartition(echo, other);
  const waiting = [dial(echo), dial(other)];
  await Promise.all([echo, other].map(({ port }) => sendsAgain(port, ({ state }) => state === 'connecting')));
  await Promise.all([partition.heal(), partition.heal()]);
  await partition[Symbol.asyncDispose]();
  await until(() => waiting.every(({ socket }) => !socket.connecting), { what: 'both connect' });
});

describe('a server that listens at two addresses is cut off at one of them', () => {
  test('Redis', async () => {
    await using redis = await startRedis({ config: { bind: `127.0.0.1 ${partitionHost}` } });
    const ping = (deadline: number): Promise<unknown> =>
      withRedis({ ...redis.access, host: partitionHost }, (call) => call('PING'), deadline);
    expect(await ping(10_000)).toBe('PONG');
    await using partition = await startPartition({ host: partitionHost, port: redis.port });
    await expect(ping(200)).rejects.toThrow(/ETIMEDOUT|timed out/);
    expect(await redis.command('PING')).toBe('PONG');
    await partition.heal();
    expect(await ping(10_000)).toBe('PONG');
  });

  test('Postgres', async () => {
    await using postgres = await startPostgres({
      settings: { listen_addresses: `127.0.0.1,${partitionHost}` },
    });
    const url = postgres.url.replace('127.0.0.1', partitionHost);
    const ask = (deadline: number): Promise<unknown> =>
      withPostgres(url, (query) => query('SELECT 1 AS one'), deadline);
    expect(await ask(10_000)).toEqual([{ one: 1 }]);
    await using partition = await startPartition({ host: partitionHost, port: postgres.port });
    await expect(ask(200)).rejects.toThrow('timeout');
    expect(await postgres.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await partition.heal();
    expect(await ask(10_000)).toEqual([{ one: 1 }]);
  });
});

describe('nothing is left', () => {
  test('of one that has healed', async () => {
    const before = await tablesOf(process.pid);
    const partition = await startPartition(echo);
    expect(await tablesOf(process.pid)).toBe(before + 1);
    await partition.heal();
    expect(await tablesOf(process.pid)).toBe(before);
  });

  test.each(['owner', 'keeper', 'owner and keeper'])('when the %s is killed', async (killed) => {
    const owner = await startOwner('wait', ['partition']);
    const pid = owner.process.pid ?? 0;
    expect(await tablesOf(pid)).toBe(1);
    // So that it cannot help.
    if (killed === 'owner and keeper') owner.process.kill('SIGSTOP');
    if (killed !== 'owner') process.kill(owner.owned.keeper, 'SIGKILL');
    if (killed !== 'keeper') owner.process.kill('SIGKILL');
    await until(async () => (await tablesOf(pid)) === 0, { what: 'the rules are gone' });
    owner.process.kill('SIGKILL');
    await owner.ended;
    // Whoever needs a keeper next removes what nobody could.
    const next = await startOwner('wait', []);
    await untilGone(owner.owned);
    next.process.kill('SIGKILL');
    await untilGone(next.owned);
  });
});

test('where the machine does not allow it, that is told, and how it would', async () => {
  const status = (capabilities: string) => () => Promise.resolve(`Name:\tnode\nCapEff:\t${capabilities}\n`);
  const machine = { platform: 'linux', uid: 0, status: status('000001ffffffffff') };
  expect(await noPartitionBecause(machine)).toBeUndefined();
  expect(await noPartitionBecause({ ...machine, platform: 'darwin' })).toBe('this is darwin, not Linux');
  const bare = { ...machine, status: status('00000000a80405fb') };
  expect(await noPartitionBecause(bare)).toBe('this root has no CAP_NET_ADMIN');
  expect(await noPartitionBecause({ ...bare, uid: 1_000 })).toBe('this user is not root');
  const error = new MissingPrivilegeError('A partition drops packets in the kernel', 'this user is not root');
  expect(error).toMatchObject({ code: 'MISSING_PRIVILEGE', retryable: false });
  expect(error.message).toBe(
    'A partition drops packets in the kernel, which is not possible: this user is not root. ' +
      'Run it on Linux as root, in a container with CAP_NET_ADMIN.',
  );
});

test('rules do not reach further than this machine', async () => {
  for (const host of ['10.0.0.1', '0.0.0.0', '127.0.0.1/8', 'localhost', '::1'])
    await expect(startPartition({ host, port: 80 })).rejects.toThrow('an address of the loopback interface');
  for (const port of [0, 65_536, Number.NaN])
    await expect(startPartition({ host: '127.0.0.1', port })).rejects.toThrow(RangeError);
});
