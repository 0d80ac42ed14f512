/**
 * The watchdog: a process of its own session that is the parent of all servers of one owner. When its standard input ends, however the owner
 * ended, it kills the servers and removes their folders. Started by `keeper.ts`; speaks `keeper-protocol.ts` over its standard streams.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command, LastRequest, Message, Request } from './keeper-protocol.ts';
import { killTree, pauseTree, processInfo, resumeTree } from './processes.ts';
import { CHILDREN, ownFolder, removeStale, temporaryRoot } from './temporary.ts';

const END_DEADLINE_MS = 10_000;

/** Second net: with it the kernel kills the servers even when this process itself is killed. Undefined where there is none. */
function findSetpriv(): string | undefined {
  const probe = 'command -v setpriv && setpriv --pdeathsig KILL true';
  const { status, stdout } = spawnSync('sh', ['-c', probe], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

const setpriv = findSetpriv();
const root = await temporaryRoot();
const folder = await ownFolder(root);
const children = new Map<number, ChildProcess>();
const paused = new Set<number>();
const lastRequests = new Map<string, LastRequest>();

function send(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function commandLine({ program, args, user }: Command): [string, ...string[]] {
  if (setpriv === undefined) return [program, ...args];
  // The kernel forgets the death signal when credentials change: setpriv changes them first and sets the signal after.
  const identity = user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return [setpriv, '--pdeathsig', 'KILL', ...identity, '--', program, ...args];
}

async function start(command: Command): Promise<number> {
  const [program, ...args] = commandLine(command);
  const log = openSync(command.log, 'a');
  const child = spawn(program, args, {
    cwd: command.cwd,
    env: command.env,
    // A group of its own: Ctrl+C reaches the foreground group only.
    detached: true,
    stdio: ['ignore', log, log],
    ...(setpriv === undefined ? command.user : {}),
  });
  closeSync(log);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.program} has no pid`);
  children.set(pid, child);
  child.once('exit', (code, signal) => {
    children.delete(pid);
    paused.delete(pid);
    send({ event: 'exit', pid, status: { code, signal } });
  });
  appendFileSync(join(folder, CHILDREN), `${pid} ${processInfo(pid)?.startTime ?? ''}\n`);
  return pid;
}

/** Only processes that were started here are signalled: their pids cannot have been given to strangers, since nobody else reaps them. */
async function ended(pid: number, how: (child: ChildProcess) => Promise<void> | void): Promise<void> {
  const child = children.get(pid);
  if (child === undefined) return;
  const exit = once(child, 'exit');
  await how(child);
  await exit;
}

async function stopGently(pid: number, signal: NodeJS.Signals, deadline: number): Promise<void> {
  if (paused.has(pid)) return ended(pid, () => killTree(pid));
  let timer: NodeJS.Timeout | undefined;
  await ended(pid, (child) => {
    timer = setTimeout(() => void killTree(pid), deadline);
    child.kill(signal);
  });
  clearTimeout(timer);
}

async function serve(request: Request): Promise<number | undefined> {
  switch (request.do) {
    case 'spawn':
      return start(request.command);
    case 'pause':
      if (!children.has(request.pid)) break;
      paused.add(request.pid);
      await pauseTree(request.pid);
      break;
    case 'resume':
      if (children.has(request.pid)) await resumeTree(request.pid);
      paused.delete(request.pid);
      break;
    case 'kill':
      await ended(request.pid, () => killTree(request.pid));
      break;
    case 'wait':
      await ended(request.pid, () => undefined);
      break;
    case 'stop':
      await stopGently(request.pid, request.signal, request.deadline);
      break;
    case 'remove':
      await rm(request.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
      break;
    case 'promise':
      lastRequests.set(request.name, request.request);
      break;
    case 'forget':
      lastRequests.delete(request.name);
      break;
  }
  return undefined;
}

async function ask({ ...options }: LastRequest): Promise<void> {
  const sent = httpRequest({ ...options, timeout: END_DEADLINE_MS / 2 }).end();
  sent.once('timeout', () => sent.destroy());
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
}

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  // Whatever hangs here must not keep this process: the next keeper tidies up what is left.
  setTimeout(() => process.exit(1), END_DEADLINE_MS).unref();
  await Promise.allSettled([
    ...[...children.keys()].map((pid) => ended(pid, () => killTree(pid))),
    ...[...lastRequests.values()].map(ask),
  ]);
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit(0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  void end();
});
// The owner may be gone before its last answer is written.
process.stdout.on('error', () => void end());
process.stderr.on('error', () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request: Request = JSON.parse(line);
    serve(request).then(
      (pid) => send({ event: 'done', id: request.id, ...(pid === undefined ? {} : { pid }) }),
      (error: unknown) => send({ event: 'failed', id: request.id, message: String(error) }),
    );
  })
  .once('close', () => void end());

send({ event: 'ready', folder });
await removeStale(root).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
