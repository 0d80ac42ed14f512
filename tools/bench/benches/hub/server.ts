import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sent } from './http.ts';
import { Program } from './program.ts';
import type { ProgramOptions } from './program.ts';
import { BenchSocket } from './socket.ts';
import type { SocketOptions } from './socket.ts';
import { settle } from './workspace.ts';

/** As a user starts it. */
export const hubProgram = new URL('../../../../apps/chat-hub/start.js', import.meta.url);
export const bareProgram = new URL('bare-process.ts', import.meta.url);

export interface ServerOptions {
  /** A Postgres, a folder for the embedded one, or nothing at all, which only the floor can do with. */
  readonly keeps: { readonly url: string } | 'folder' | 'nothing';

  /** Who is in the channel. @default 1 */
  readonly members?: number;
  readonly probed?: boolean;

  /** A Redis, which the hub uses as well. */
  readonly redis?: string;

  /** Whether the hub counts what everybody does; so much is allowed that nobody is held up. @default false */
  readonly limited?: boolean;
}

/** A server that takes messages for one channel, and the way to speak with it. */
export interface Server {
  readonly program: Program;

  /** Over HTTP, where nobody hears it. */
  readonly post: (content: string) => Sent;

  /** Over a socket, for all members. */
  readonly frame: (content: string) => object;

  /** Of the members in turns, who hear the channel. */
  readonly connect: (i: number, options?: Pick<SocketOptions, 'localAddress'>) => Promise<BenchSocket>;
  readonly stop: () => Promise<void>;
}

/** A hub, to which there may be other nodes where its data is on a server. */
export interface HubServer extends Server {
  readonly channelId: string;

  /** Of the members, in their order. */
  readonly tokens: readonly string[];
  readonly another: () => Promise<Pick<Server, 'connect' | 'stop'>>;
}

export type OpenServer = (options: ServerOptions) => Promise<Server>;

export async function openHub({
  keeps,
  members = 1,
  probed = false,
  redis,
  limited = false,
}: ServerOptions): Promise<HubServer> {
  const place = await placeFor(keeps);
  const env = {
    NODE_ENV: 'production',
    HUB_PORT: '0',
    HUB_LOG_LEVEL: 'error',
    // A few users say what hundreds would.
    HUB_LIMITS: limited ? 'message=1000000,address=1000000' : 'off',
    ...(place.folder !== undefined && { HUB_DATA: place.folder }),
    ...(place.url !== undefined && { DATABASE_URL: place.url }),
    ...(redis !== undefined && { REDIS_URL: redis, REDIS_KEY_PREFIX: `bench-${crypto.randomUUID()}:` }),
  };
  return started(hubProgram, { env, probed }, place, async (program) => {
    const { channelId, asideId, tokens } = await settle(program, members);
    const tokenOf = (i: number): string => tokens[i % tokens.length] ?? '';
    const message = (content: string) => ({ clientId: crypto.randomUUID(), content });
    const connectTo =
      ({ url }: Program): Server['connect'] =>
      (i, options) =>
        BenchSocket.open(`${url}/api/v1/socket`, {
          ...options,
          hello: { type: 'hello', version: 1, subscribe: [channelId], token: tokenOf(i) },
        });
    return {
      channelId,
      tokens,
      async another() {
        const node = new Program(hubProgram, { env });
        await node.ready();
        return { connect: connectTo(node), stop: () => node.stop() };
      },
      post: (content) => ({
        method: 'POST',
        path: `/api/v1/channels/${asideId}/messages`,
        headers: { authorization: `Bearer ${tokenOf(0)}` },
        body: message(content),
      }),
      frame: (content) => ({ type: 'send', channelId, ...message(content) }),
      connect: connectTo(program),
    };
  });
}

export const openBare: OpenServer = async ({ keeps, probed = false }) => {
  const place = await placeFor(keeps);
  const env = {
    ...(place.folder !== undefined && { BARE_DATA: place.folder }),
    ...(place.url !== undefined && { BARE_DATABASE_URL: place.url }),
  };
  return started(bareProgram, { env, probed }, place, async (program) => ({
    post: (content) => ({ method: 'POST', path: '/messages', body: { content } }),
    frame: (content) => ({ content }),
    connect: (_, options) => BenchSocket.open(program.url, options),
  }));
};

async function started<Known extends object>(
  file: URL,
  options: ProgramOptions,
  place: Place,
  introduce: (program: Program) => Promise<Known>,
): Promise<Known & Pick<Server, 'program' | 'stop'>> {
  const program = new Program(file, options);
  const stop = async (): Promise<void> => {
    await program.stop();
    await place.leave();
  };
  try {
    await program.ready();
    return { ...(await introduce(program)), program, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Place {
  readonly folder?: string;
  readonly url?: string;
  readonly leave: () => Promise<void>;
}

async function placeFor(keeps: ServerOptions['keeps']): Promise<Place> {
  if (keeps === 'nothing') return { leave: async () => {} };
  if (keeps === 'folder') {
    const folder = await newFolder();
    return { folder, leave: () => rm(folder, { recursive: true, force: true }) };
  }
  return newDatabase(keeps.url);
}

export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'parley-bench-hub-'));
}

/** On a server that others use as well. */
async function newDatabase(url: string): Promise<Place> {
  const { Client } = await import('pg');
  const name = `bench_${process.pid}_${Date.now()}`;
  const run = async (text: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await run(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, leave: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}
