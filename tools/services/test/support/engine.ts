import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { killTree, pauseTree, resumeTree } from '../../src/processes.ts';

interface ContainerRequest {
  readonly Image: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly User: string;
  readonly WorkingDir: string;
  readonly Env: readonly string[];
  readonly HostConfig: { readonly Binds: readonly string[]; readonly NetworkMode: string };
}

interface Container {
  readonly request: ContainerRequest;
  readonly output: Buffer[];
  process?: ChildProcess;
  ended?: Promise<unknown>;
  paused: boolean;
}

/** Speaks as much of the Docker API as one container needs, and runs its program as a plain process. */
export interface Engine extends AsyncDisposable {
  readonly url: string;
  /** By id; a removed one is gone from here. */
  readonly containers: ReadonlyMap<string, Container>;
  /** Those that were asked for so far. */
  readonly requests: readonly string[];
}

function frame(chunk: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(chunk.length, 4);
  return Buffer.concat([header, chunk]);
}

function start(container: Container): void {
  const { Entrypoint, Cmd, WorkingDir, Env } = container.request;
  const [program = '', ...args] = [...Entrypoint, ...Cmd];
  const child = spawn(program, args, {
    cwd: WorkingDir,
    detached: true,
    env: { PATH: process.env['PATH'], ...Object.fromEntries(Env.map((pair) => pair.split('=', 2))) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => container.output.push(frame(chunk)));
  container.process = child;
  container.ended = once(child, 'close');
}

async function kill(container: Container): Promise<void> {
  if (isRunning(container)) await killTree(container.process?.pid ?? 0);
  await container.ended;
  container.paused = false;
}

const isRunning = ({ process: child }: Container): boolean =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

function exitCode({ process: child }: Container): number {
  return child?.exitCode ?? (child?.signalCode === 'SIGKILL' ? 137 : 143);
}

function inspect(id: string, container: Container): unknown {
  const Running = isRunning(container);
  return {
    Id: id,
    Name: `/${id}`,
    State: {
      Running,
      Paused: container.paused,
      Status: Running ? 'running' : 'exited',
      Pid: container.process?.pid ?? 0,
      StartedAt: new Date().toISOString(),
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    Config: { Hostname: id, Labels: {}, Image: container.request.Image },
    HostConfig: container.request.HostConfig,
    NetworkSettings: { Ports: {}, Networks: {} },
  };
}

type Reply = { status: number; body?: unknown; bytes?: Buffer };

export async function startEngine(): Promise<Engine> {
  const containers = new Map<string, Container>();
  const requests: string[] = [];
  const images = new Set<string>();

  async function actOn(id: string, action: string, query: URLSearchParams): Promise<Reply> {
    const container = containers.get(id);
    if (container === undefined) return { status: 404, body: { message: `No such container: ${id}` } };
    switch (action) {
      case 'POST start':
        start(container);
        return { status: 204 };
      case 'GET json':
        return { status: 200, body: inspect(id, container) };
      case 'POST wait':
        await container.ended;
        return { status: 200, body: { StatusCode: exitCode(container) } };
      case 'POST kill':
        if (!isRunning(container)) return { status: 409, body: { message: 'is not running' } };
        if (query.get('signal') === 'SIGKILL') await kill(container);
        else container.process?.kill('SIGTERM');
        return { status: 204 };
      case 'POST pause':
        await pauseTree(container.process?.pid ?? 0);
        container.paused = true;
        return { status: 204 };
      case 'POST unpause':
        await resumeTree(container.process?.pid ?? 0);
        container.paused = false;
        return { status: 204 };
      case 'GET logs':
        return { status: 200, bytes: Buffer.concat(container.output) };
      case 'DELETE ':
        await kill(container);
        containers.delete(id);
        return { status: 204 };
      default:
        return { status: 501, body: { message: action } };
    }
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
    const method = request.method ?? '';
    requests.push(`${method} ${pathname}`);
    if (pathname === '/_ping') return { status: 200, bytes: Buffer.from('OK') };
    if (pathname === '/info') return { status: 200, body: { OperatingSystem: 'test', OSType: 'linux' } };
    if (pathname === '/containers/json') return { status: 200, body: [] };
    if (pathname === '/images/create') {
      images.add(`${searchParams.get('fromImage')}:${searchParams.get('tag')}`);
      return { status: 200, bytes: Buffer.from('{}\n') };
    }
    if (pathname.startsWith('/images/')) {
      const name = decodeURIComponent(pathname.slice('/images/'.length, -'/json'.length));
      return images.has(name)
        ? { status: 200, body: {} }
        : { status: 404, body: { message: `No such image: ${name}` } };
    }
    if (pathname === '/containers/create') {
      const id = randomBytes(8).toString('hex');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Testcontainers sends is what is under test
      containers.set(id, { request: (await json(request)) as ContainerRequest, output: [], paused: false });
      return { status: 201, body: { Id: id, Warnings: [] } };
    }
    const [, , id = '', action = ''] = pathname.split('/');
    return actOn(id, `${method} ${action}`, searchParams);
  }

  const server = createServer((request, response) => {
    void reply(request).then(({ status, body, bytes }) => {
      response.writeHead(status, {
        'content-type': bytes === undefined ? 'application/json' : 'application/octet-stream',
      });
      response.end(bytes ?? (body === undefined ? undefined : JSON.stringify(body)));
    });
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `tcp://127.0.0.1:${address.port}`,
    containers,
    requests,
    async [Symbol.asyncDispose]() {
      await Promise.all([...containers.values()].map(kill));
      server.close();
      server.closeAllConnections();
    },
  };
}
