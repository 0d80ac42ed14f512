import type { RedisConfig } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { startRedisSentinel, type RedisSentinel } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';
import { Ledger } from '../support/ledger.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

let sentinel: RedisSentinel;
let config: RedisConfig;

beforeAll(async () => {
  sentinel = await startRedisSentinel({ downAfter: 1_000 });
  config = {
    mode: 'sentinel',
    sentinels: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
    name: sentinel.name,
    responseTimeout: '500ms',
  };
});
afterAll(() => sentinel.stop());

const broker = (): Broker => redisBroker(connect(config), { probeEveryMs: 500 });

test.each(['order', 'kill', 'pause'] as const)(
  'a failover by %s: what is lost is told, and streams go on',
  async (by) => {
    await sentinel.settled();
    const ledger = new Ledger(broker(), broker(), ['a', 'b']);
    await ledger.start();
    const old = await sentinel.master();
    await sentinel.failover({ by });
    await ledger.progress();
    await ledger.close({ mayLose: true });
    for (const { reason } of ledger.gaps) expect(reason).toBe('epoch');
    if (by === 'kill') await old.restart({ data: 'keep' });
    if (by === 'pause') await old.resume();
  },
);
