import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startNode, until, type ExitStatus, type NodeProcess } from '@parley/services';

/** What starts the hub of today. */
export const hubProgram = new URL('../../src/main.ts', import.meta.url);

/** Bringing sockets and requests to an end takes the hub about half a minute at most. */
const endMs = 40_000;

type Env = Readonly<Record<string, string>>;

export interface HubProcessOptions {
  /** What the hub is told. @default a hub of its own in an empty folder, on a free port of 127.0.0.1 */
  readonly env?: Env;
  /** What starts it. @default the hub of today */
  readonly program?: URL | undefined;
}

/** A hub as whoever runs it starts it: `npm start`, in a process of its own, which ends with the test. */
export interface HubProcess extends AsyncDisposable {
  /** `http://127.0.0.1:{port}`, the same after each restart. */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** By which the first one becomes the owner; waits until it is said. */
  setupCode(): Promise<string>;
  /** SIGTERM; resolves with how it ended. */
  stop(): Promise<ExitStatus>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Another process with the same environment on the same port; resolves when it is ready. What runs must have ended.
   *
   * @param change another build, or what it is told besides, from now on
   */
  start(change?: HubProcessOptions): Promise<void>;
  /** Undefined as long as it runs. */
  status(): ExitStatus | undefined;
  /** All that it has said, in all its lives. */
  output(): Promise<string>;
}

/** Starts the program and waits for nothing. */
export function launchHub(
  env: Env,
  args: readonly string[] = [],
  program: URL = hubProgram,
): Promise<NodeProcess> {
  return startNode({ script: program, name: 'hub', env, args, stopWithin: endMs });
}

/** A hub that is ready. */
export async function startHub({
  env = {},
  program = hubProgram,
}: HubProcessOptions = {}): Promise<HubProcess> {
  let build = program;
  const port = env['HUB_PORT'] === undefined ? await freePort() : Number(env['HUB_PORT']);
  const url = `http://127.0.0.1:${port}`;
  const needsFolder = env['DATABASE_URL'] === undefined && env['HUB_DATA'] === undefined;
  const folder = needsFolder ? await mkdtemp(join(tmpdir(), 'parley-hub-')) : undefined;
  let whole: Env = {
    NODE_ENV: 'production',
    HUB_PORT: String(port),
    // Tests say more at once than anybody does.
    HUB_LIMITS: 'off',
    ...(folder !== undefined && { HUB_DATA: folder }),
    ...env,
  };
  const lives: NodeProcess[] = [];

  async function start(): Promise<NodeProcess> {
    const life = await launchHub(whole, [], build);
    lives.push(life);
    await until(async () => (await fetch(`${url}/readyz`)).ok, {
      what: `the hub on port ${port} is ready`,
      deadline: 90_000,
      process: life,
    });
    return life;
  }

  async function end(): Promise<void> {
    await Promise.all(lives.map((life) => life.stop()));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  let life: NodeProcess;
  try {
    life = await start();
  } catch (error) {
    await end();
    throw error;
  }

  const output = async (): Promise<string> =>
    (await Promise.all(lives.map((each) => each.output()))).join('');

  return {
    url,
    port,
    get pid() {
      return life.pid;
    },
    setupCode: () =>
      until(async () => /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(await output())?.[0], {
        what: 'the hub says a set-up code',
        process: life,
      }),
    async stop() {
      await life.end('SIGTERM', endMs);
      return life.exited;
    },
    kill: () => life.kill(),
    pause: () => life.pause(),
    resume: () => life.resume(),
    async start(change = {}) {
      build = change.program ?? build;
      whole = { ...whole, ...change.env };
      life = await start();
    },
    status: () => life.status(),
    output,
    [Symbol.asyncDispose]: end,
  };
}
