import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startNode, until, type NodeProcess } from '@parley/services';
import { roomyLimits } from './roomy-limits.ts';

/** As whoever runs a hub starts it. */
const hubProgram = new URL('../../../chat-hub/start.js', import.meta.url);
/** Those of Node by which `npm start` says how much memory it may take. */
const memoryFlags = startScript()
  .split(' ')
  .filter((word) => word.startsWith('--max-'));
const endMs = 40_000;
const readyMs = 120_000;

/** One node of a hub of our own, which may die and come back on the same port. */
export interface HubNode extends AsyncDisposable {
  readonly url: string;
  /** Undefined while it does not run. */
  readonly pid: () => number | undefined;
  /** By which the first one becomes the owner. */
  readonly setupCode: () => Promise<string>;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** Another process in its place; resolves when it is ready. */
  readonly start: () => Promise<void>;
}

export interface HubNodeOptions {
  readonly name: string;
  /** Where Postgres and Redis are. Without a `DATABASE_URL` it has a folder of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder into which V8 writes what the processor did. */
  readonly profile?: string | undefined;
}

export async function startHubNode({ name, env, profile }: HubNodeOptions): Promise<HubNode> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder =
    env['DATABASE_URL'] === undefined ? await mkdtemp(join(tmpdir(), 'parley-load-')) : undefined;
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const whole = {
    NODE_ENV: 'production',
    HUB_PORT: String(port),
    HUB_LOG_LEVEL: 'error',
    HUB_LIMITS: roomyLimits,
    ...(folder !== undefined && { HUB_DATA: folder }),
    NODE_OPTIONS: [...memoryFlags, ...profiling].join(' '),
    ...env,
  };
  const lives: NodeProcess[] = [];
  let life: NodeProcess | undefined;

  const start = async (): Promise<void> => {
    const begun = await startNode({ script: hubProgram, name, env: whole, stopWithin: endMs });
    lives.push(begun);
    await until(async () => (await fetch(`${url}/readyz`)).ok, {
      what: `${name} is ready`,
      deadline: readyMs,
      process: begun,
    });
    life = begun;
  };
  const end = async (): Promise<void> => {
    await Promise.all(lives.map((each) => each.stop()));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await start();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    url,
    pid: () => life?.pid,
    setupCode: () =>
      until(async () => /#setup=([\w-]+) /u.exec((await life?.output()) ?? '')?.[1], {
        what: `${name} says a set-up code`,
      }),
    async kill() {
      const ended = life;
      life = undefined;
      await ended?.kill();
    },
    start,
    [Symbol.asyncDispose]: end,
  };
}

function startScript(): string {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  return String(Object(JSON.parse(text)).scripts.start);
}
