import type { Subject, Subjects } from '../../src/scenario.ts';
import { hourSeconds, identityAt } from './identities.ts';
import { limiting, onRedis } from './ours.ts';
import { driven } from './redis.ts';

const known = Array.from({ length: 1024 }, (_, i) => identityAt(i));

/** All identities have used up what they had; this process is told by the store, again after the five seconds that it remembers. */
const ours = limiting(onRedis, { message: { limit: 1, per: hourSeconds } }, async (limiter) => {
  const deny = async (identity: string): Promise<void> => {
    await limiter.check('message', { identity });
    const { ok } = await limiter.check('message', { identity });
    if (ok) throw new Error('it admits more than the limit');
  };
  await Promise.all(known.map(deny));
  let admitted = 0;
  return {
    async op(i) {
      const { ok } = await limiter.check('message', { identity: identityAt(i) });
      if (ok) admitted++;
      return ok;
    },
    figures: () => ({ storeCalls: limiter.stats().storeCalls }),
    teardown: () => {
      if (admitted > 0) throw new Error(`${admitted} calls above the limit were admitted`);
    },
  };
});

/** It says so by a rejection. */
const flexible: Subject = driven(async (storeClient, keyPrefix) => {
  const { RateLimiterRedis } = await import('rate-limiter-flexible');
  const limiter = new RateLimiterRedis({
    storeClient,
    keyPrefix,
    points: 1,
    duration: hourSeconds,
    inMemoryBlockOnConsumed: 1,
  });
  const denied = (identity: string): Promise<boolean> =>
    limiter.consume(identity).then(
      () => false,
      () => true,
    );
  for (const identity of known) {
    await denied(identity);
    if (!(await denied(identity))) throw new Error('it admits more than the limit');
  }
  return { op: (i) => denied(identityAt(i)) };
});

/** A look into a map, and at the clock. */
const bare: Subject = () => {
  const until = performance.now() + hourSeconds * 1_000;
  const blocked = new Map(known.map((identity) => [identity, until]));
  return { op: async (i) => (blocked.get(identityAt(i)) ?? 0) > performance.now() };
};

export const blockedLocal: Subjects = {
  ours,
  floor: bare,
  rivals: { 'rate-limiter-flexible': flexible },
};
