import { spawn, type ChildProcess } from 'node:child_process';
import { CliError } from '../../cli-error.ts';
import { defineCommand, type Options } from '../../command.ts';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { Environment, World } from '../../world.ts';
import { hubProgram } from './hub-program.ts';

const options = {
  host: { type: 'text', value: 'HOST', summary: 'The address to listen on, instead of 127.0.0.1 (HUB_HOST)' },
  port: {
    type: 'text',
    value: 'PORT',
    summary: 'The port, instead of 7788; 0 takes any that is free (HUB_PORT)',
  },
  data: { type: 'text', value: 'FOLDER', summary: 'Where everything is kept, instead of ./data (HUB_DATA)' },
  name: { type: 'text', value: 'NAME', summary: 'What the workspace is called (HUB_NAME)' },
  'public-url': { type: 'text', value: 'URL', summary: 'Where browsers find the hub (HUB_PUBLIC_URL)' },
  'log-level': {
    type: 'text',
    oneOf: ['debug', 'info', 'warn', 'error', 'silent'],
    summary: 'How much is logged, on standard error (HUB_LOG_LEVEL)',
  },
  metrics: { type: 'text', oneOf: ['public', 'private'], summary: 'Who may read /metrics (HUB_METRICS)' },
  'trust-proxy': { type: 'text', value: 'NETWORKS', summary: 'Proxies that are believed (HUB_TRUST_PROXY)' },
} as const satisfies Options;

const variables: Readonly<Record<keyof typeof options, string>> = {
  host: 'HUB_HOST',
  port: 'HUB_PORT',
  data: 'HUB_DATA',
  name: 'HUB_NAME',
  'public-url': 'HUB_PUBLIC_URL',
  'log-level': 'HUB_LOG_LEVEL',
  metrics: 'HUB_METRICS',
  'trust-proxy': 'HUB_TRUST_PROXY',
};

export const hubStart = defineCommand({
  path: ['hub', 'start'],
  summary: 'Starts a hub here and stays until it ends',
  about: [
    'It says its address and, as long as nobody owns the workspace, a set-up code for parley login. Ctrl+C ends it in order. It ends with 2 when its configuration cannot be used.',
    'Every option is a variable of the environment by another name; all other variables count as well, such as DATABASE_URL and REDIS_URL. Addresses with passwords belong there, because others on this machine can read a command line.',
    'With --json, a line of JSON says that it is ready: {"event": "ready", "url": ..., "setupCode": ..., "pid": ...}, where the code is null once somebody owns the workspace.',
  ],
  args: [],
  options,
  examples: [
    { line: 'parley hub start', says: 'On this machine, with everything in ./data' },
    { line: 'parley hub start --port 8080 --data ~/parley --name Lab', says: 'Elsewhere, by another name' },
    {
      line: 'DATABASE_URL=postgres://localhost/parley parley hub start --host 0.0.0.0',
      says: 'A node on a Postgres server, for the whole network',
    },
  ],
  async run({ world, out }, { options: given }) {
    const child = spawn(process.execPath, hubProgram(), {
      env: environmentOf(world.env, given),
      // What the hub says for people goes aside where programs listen.
      stdio: ['ignore', out.json ? 2 : 'inherit', 'inherit', 'ipc'],
    });
    const stop = endWith(child, world);
    let told = Promise.resolve();
    child.on('message', (news) => {
      if (!out.json) return;
      told = told.then(() => out.line(news, '')).catch(() => undefined);
    });
    try {
      return await endOf(child);
    } finally {
      await told;
      stop();
    }
  },
});

function environmentOf(
  env: Environment,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const set = Object.entries(variables).flatMap(([option, variable]) => {
    const value = given[option];
    return value === undefined ? [] : [[variable, value] as const];
  });
  const own = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  // What the command line proves itself by is nothing for the hub to know.
  const hidden = new Set(['PARLEY_TOKEN', 'PARLEY_URL']);
  return Object.fromEntries([...own.filter(([name]) => !hidden.has(name)), ...set]);
}

/** Whoever ends this program means the hub. Ctrl+C reaches both from the terminal, and twice means to the hub that there is no time. */
function endWith(
  child: ChildProcess,
  { onInterrupt, stdin }: Pick<World, 'onInterrupt' | 'stdin'>,
): () => void {
  return onInterrupt((signal) => {
    if (signal !== 'SIGINT' || stdin.isTTY !== true) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
}

function endOf(child: ChildProcess): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new CliError('NO_HUB', 'the hub cannot be started', { cause })));
    child.once('close', (code) => {
      if (code === 0) resolve(exitCodes.ok);
      else resolve(code === exitCodes.usage ? exitCodes.usage : exitCodes.failed);
    });
  });
}
