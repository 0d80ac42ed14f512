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
  // Told by the rejected command as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(async (...command) => client.call(...command));
  } finally {
    client.disconnect();
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
