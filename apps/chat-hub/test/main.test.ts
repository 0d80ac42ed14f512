import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../start.js', import.meta.url));
const patience = { timeout: 300_000 };

let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-hub-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<number | null>;
}

function run(env: Record<string, string>, flags: readonly string[] = []): Run {
  const child = spawn(process.execPath, ['--conditions=@parley/source', ...flags, program], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', HUB_DATA: folder, HUB_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return { child, out: () => text.out, err: () => text.err, ended };
}

async function ready(hub: Run): Promise<string> {
  await until(() => hub.out().includes(' is ready: '), { what: 'the hub is ready', deadline: 120_000 });
  return /is ready: (\S+)/.exec(hub.out())?.[1] ?? '';
}

test(
  'a new user is told where to go and by which code; a folder has one hub; a signal ends it in order',
  patience,
  async () => {
    const hub = run({});
    const url = await ready(hub);
    await until(() => hub.out().includes('Ctrl+C'), { what: 'all is said' });
    const [, code = ''] =
      /#setup=([\w-]+) within 10 minutes, or type the code \1 there/.exec(hub.out()) ?? [];
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(hub.out().trimEnd().split('\n')).toEqual([
      `Parley is ready: ${url}`,
      '',
      expect.stringContaining(code),
      'When the code has run out, open the page: a new one is shown here.',
      '',
      `Everything is kept in ${folder}. Ctrl+C ends the hub.`,
    ]);
    expect(hub.err()).toBe('');

    const second = run({});
    expect(await second.ended).toBe(1);
    const last = second.err().trimEnd().split('\n').at(-1) ?? '';
    expect(last).toContain('Another hub runs on this folder');
    expect(second.err()).not.toContain('    at ');

    const setup = await fetch(`${url}api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, password: 'a long password', handle: 'ann' }),
    });
    expect(setup.status).toBe(200);
    // As npm passes on what the terminal has told everybody.
    hub.child.kill('SIGINT');
    hub.child.kill('SIGINT');
    expect(await hub.ended).toBe(0);
    expect(hub.out()).toMatch(/\nParley ends in order\. Ctrl\+C again ends it at once\.\n$/);
    expect(hub.err()).toBe('');

    const again = run({ HUB_NAME: 'Ours', NODE_ENV: 'production' });
    const address = await ready(again);
    expect(again.out()).toBe(`Ours is ready: ${address}\n`);
    const signIn = await fetch(`${address}api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ handle: 'ann', password: 'a long password' }),
    });
    expect(signIn.status).toBe(201);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(again.out()).toBe(`Ours is ready: ${address}\n`);
    const lines = again.err().trimEnd().split('\n');
    const log = lines.map((line): { msg: string } => JSON.parse(line));
    expect(log.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['The hub listens', 'The hub ends in order']),
    );
    expect(again.err()).not.toContain('a long password');
  },
);

test('a configuration that cannot be used is told in full, without a stack', patience, async () => {
  const hub = run({ HUB_PORT: 'x', HUB_PROT: '1' });
  expect(await hub.ended).toBe(2);
  expect(hub.err().trimEnd().split('\n')).toEqual([
    'The configuration cannot be used:',
    expect.stringContaining('HUB_PROT is not known'),
    expect.stringContaining('HUB_PORT ("x") must be'),
  ]);
});

test('a port that is taken is told in a line', patience, async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const hub = run({ HUB_PORT: port, NODE_ENV: 'test' });
  expect(await hub.ended).toBe(1);
  expect(hub.err().trimEnd().split('\n').at(-1)).toBe(
    `Port ${port} is taken by another program, perhaps by another hub. End that one, or choose another port: HUB_PORT=${Number(port) + 1}`,
  );
  await new Promise((resolve) => void server.close(resolve));
});

test('a Node that is too old is told which one is needed', patience, async () => {
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
  const hub = run({}, [`--import=data:text/javascript,${encodeURIComponent(old)}`]);
  expect(await hub.ended).toBe(1);
  expect(hub.err()).toMatch(/^The hub needs Node 22\.18 or newer\. This is Node 20\.20\.2 \(/);
  expect(hub.err()).not.toContain('    at ');
});

test('a signal during the start ends it in order, too', patience, async () => {
  const hub = run({ HUB_DATA: join(folder, 'other') });
  await until(() => existsSync(join(folder, 'other')), { what: 'the folder is made', deadline: 60_000 });
  hub.child.kill('SIGTERM');
  expect(await hub.ended).toBe(0);
  expect(hub.out()).toBe('Parley ends in order. Ctrl+C again ends it at once.\n');
});
