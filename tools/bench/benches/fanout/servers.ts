import type { SubjectEnvironment } from '../../src/scenario.ts';
import { Program } from '../hub/program.ts';
import { openHub } from '../hub/server.ts';
import type { Speech } from './dialects.ts';

const socketIoProgram = new URL('socket-io-process.ts', import.meta.url);
const bareProgram = new URL('bare-process.ts', import.meta.url);

/** A server for the clients of the generator, and the processes that it works in. */
interface Served {
  readonly url: string;
  readonly speech: Speech;

  /** Of the server itself. */
  readonly pid: number;

  /** Of what it leans on, by name. */
  readonly leansOn: Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

export type Serve = (environment: SubjectEnvironment, members: number) => Promise<Served>;

/** The hub as a user starts it; every message is committed before anybody hears it. */
export const hubOnPostgres: Serve = async ({ url, pid }, members) =>
  servedByHub({ url: url('postgres') }, members, { postgres: pid('postgres') });

/** The same with its database within its own process. */
export const hubEmbedded: Serve = async (_, members) => servedByHub('folder', members, {});

async function servedByHub(
  keeps: { readonly url: string } | 'folder',
  members: number,
  leansOn: Served['leansOn'],
): Promise<Served> {
  const { program, channelId, tokens, stop } = await openHub({ keeps, members, limited: true });
  return { url: program.url, speech: { kind: 'hub', channelId, tokens }, pid: program.pid, leansOn, stop };
}

/** Socket.IO, one node with the adapter for several. */
export const socketIoOnRedis: Serve = async ({ url, pid, prefix }) => {
  const env = { FANOUT_REDIS_URL: url('redis'), FANOUT_PREFIX: prefix };
  return servedBy(socketIoProgram, env, { kind: 'socket.io' }, { redis: pid('redis') });
};

export function bareWs(windowMs: number): Serve {
  return () => servedBy(bareProgram, { FANOUT_WINDOW_MS: String(windowMs) }, { kind: 'bare' }, {});
}

async function servedBy(
  file: URL,
  env: Readonly<Record<string, string>>,
  speech: Speech,
  leansOn: Served['leansOn'],
): Promise<Served> {
  const program = new Program(file, { env: { NODE_ENV: 'production', ...env } });
  try {
    await program.ready();
    const { url, pid } = program;
    return { url, speech, pid, leansOn, stop: () => program.stop() };
  } catch (error) {
    await program.stop();
    throw error;
  }
}
