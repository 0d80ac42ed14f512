import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { isRetryable } from '@parley/cache-core/kernel';
import type { Rule, RuleKind } from '@parley/ratelimit';
import {
  misbehave,
  newSeed,
  proofMs,
  runLimitHistory,
  seededRandom,
  startProxy,
  startRedis,
} from '@parley/services';
import { expect, test, vi } from 'vitest';
import { connect, patient } from '../support/connections.ts';

const runMs = proofMs(4_000);

vi.setConfig({ testTimeout: runMs + 120_000 });

/** Of which nothing comes back while this runs. */
const rule = (kind: RuleKind, limit: number): Rule => ({
  name: kind,
  kind,
  limit,
  burst: limit,
  periodMs: 86_400_000,
});

test('through random faults every history of calls is one in which each was counted once, or not at all', async () => {
  await using server = await startRedis();
  const proxies = await Promise.all(Array.from({ length: 5 }, () => startProxy({ target: server })));
  const stores = proxies.map((proxy) =>
    redisLimitStore(connect(patient(proxy, { responseTimeout: '300ms', reconnectInterval: '20ms' }))),
  );
  const seed = newSeed();
  const random = seededRandom(seed);
  const until = AbortSignal.timeout(runMs);
  const also = [
    () => server.flushScripts(),
    // What was given up is carried out all the same, when others have gone on.
    (proxy: (typeof proxies)[number]) => proxy.delay(60_000, 'requests'),
  ];
  const [totals] = await Promise.all([
    runLimitHistory(stores, {
      random: random.fork(),
      rules: [rule('gcra', 12), rule('log', 12), rule('fixed', 12), rule('concurrency', 2)],
      until,
      isTrouble: isRetryable,
    }),
    misbehave({ proxies, server, random: random.fork(), until, also }),
  ]).catch((error: unknown) => {
    throw new Error(`limits on Redis, seed ${seed}`, { cause: error });
  });
  process.stdout.write(`limits on Redis, seed ${seed}: ${JSON.stringify(totals)}\n`);
  expect(totals.admitted).toBeGreaterThan(10);
  await Promise.all(proxies.map((proxy) => proxy.close()));
});
