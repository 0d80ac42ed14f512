import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { afterAll, beforeAll } from 'vitest';

/** As two processes have them, for all tests of a group. */
export interface TwoConnections {
  readonly first: RedisConnection;
  readonly second: RedisConnection;
  /** Another one each time, below that of the group: nobody else has anything there. */
  nextPrefix(): string;
}

/** Opens them before the tests of this group, and closes them after. */
export function twoConnections(configure: () => Promise<RedisConfig>): TwoConnections {
  let open: readonly [RedisConnection, RedisConnection] | undefined;
  let prefixes = 0;
  const opened = (): readonly [RedisConnection, RedisConnection] => {
    if (open === undefined) throw new Error('they are opened before the first test');
    return open;
  };
  beforeAll(async () => {
    const config = await configure();
    open = [connectRedis(config), connectRedis(config)];
    await Promise.all(open.map((connection) => connection.ready()));
  });
  afterAll(() => Promise.all((open ?? []).map((connection) => connection.close())));
  return {
    get first() {
      return opened()[0];
    },
    get second() {
      return opened()[1];
    },
    nextPrefix() {
      prefixes += 1;
      return `${opened()[0].prefix}${prefixes}:`;
    },
  };
}
