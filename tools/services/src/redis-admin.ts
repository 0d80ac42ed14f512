import { Redis } from 'ioredis';

export type Argument = string | number;
export type Call = (...command: [string, ...Argument[]]) => Promise<unknown>;

/** Where and as whom to reach a Redis server or Sentinel. */
export interface RedisAccess {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the certificate authority, for TLS. */
  readonly ca?: string;
}

const DEADLINE_MS = 5_000;

/**
 * Gives `use` a connection of its own for as long as it runs. Nothing is tried twice: a command that may have run must not run again, and
 * everything settles within the deadline, also when the server hangs.
 */
export async function withRedis<T>(
  { host, port, username, password, ca }: RedisAccess,
  use: (call: Call) => Promise<T>,
  deadline = DEADLINE_MS,
): Promise<T> {
  const client = new Redis({
    host,
    port,
    lazyConnect: true,
    protocol: 2,
    // A timer of the client that would keep the process; a paused server does not say goodbye.
    disconnectTimeout: 50,
    connectTimeout: deadline,
    commandTimeout: deadline,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    disableClientInfo: true,
    retryStrategy: () => null,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  let complaint: Error | undefined;
  client.on('error', (error) => {
    complaint = error;
  });
  const explained = async <R>(answer: Promise<R>): Promise<R> =>
    answer.catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ReplyError') throw error;
      // The client says no more than that the connection is closed; why, it tells by the event.
      const cause = complaint ?? error;
      throw new Error(`Redis on port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    });
  try {
    await explained(client.connect());
    return await use((...command) => explained(client.call(...command)));
  } finally {
    // After the end of a connection that never was, it would wait for one.
    if (client.status !== 'end') client.disconnect();
  }
}

/** The fields of an INFO reply. */
export async function redisInfo(call: Call, section: string): Promise<ReadonlyMap<string, string>> {
  const lines = String(await call('INFO', section)).split('\r\n');
  return new Map(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
