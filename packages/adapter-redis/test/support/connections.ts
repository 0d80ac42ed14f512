import { afterEach } from 'vitest';
import {
  connectRedis,
  type ConnectRedisOptions,
  type RedisConfig,
  type RedisConnection,
} from '@parley/adapter-redis';

const open = new Set<RedisConnection>();

afterEach(async () => {
  await Promise.all([...open].map((connection) => connection.close(500)));
  open.clear();
});

/** A connection that is closed when the test is over. */
export function connect(config: RedisConfig, options?: ConnectRedisOptions): RedisConnection {
  const connection = connectRedis(config, options);
  open.add(connection);
  return connection;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server, quick to be given up. */
export const standalone = ({ host, port }: Address, more: object = {}): RedisConfig => ({
  mode: 'standalone',
  host,
  port,
  connectTimeout: '2s',
  responseTimeout: '400ms',
  ...more,
});

/** A server that is waited for: what shall succeed must not fail because the machine has other work. */
export const patient = (address: Address, more: object = {}): RedisConfig =>
  standalone(address, { connectTimeout: '10s', responseTimeout: '10s', ...more });

/** What a promise rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to fail, and succeeded');
}
