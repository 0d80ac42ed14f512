import type { RuleOptions } from '@parley/ratelimit';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { commandsOf } from '../presence/redis-figures.ts';
import { hourSeconds, identityAt, mustAdmit, plenty } from './identities.ts';
import { limiting, onRedis } from './ours.ts';
import { driven } from './redis.ts';

const periods = { second: 1, minute: 60, hour: hourSeconds } as const;
const names = ['second', 'minute', 'hour'] as const;
type Name = (typeof names)[number];

const rule = (per: number): RuleOptions => ({ limit: plenty, per });
const rules = {
  second: rule(periods.second),
  minute: rule(periods.minute),
  hour: rule(periods.hour),
} satisfies Record<Name, RuleOptions>;

const ours = (asked: readonly Name[]): Subject =>
  limiting(onRedis, rules, async (limiter) => {
    mustAdmit((await limiter.check(asked, { identity: identityAt(0) })).ok);
    let wrong = 0;
    return {
      async op(i) {
        const verdict = await limiter.check(asked, { identity: identityAt(i) });
        if (!verdict.ok || verdict.decidedBy !== 'store') wrong++;
        return verdict;
      },
      teardown: () => {
        if (wrong > 0) throw new Error(`${wrong} checks were denied, or not decided by the store`);
      },
    };
  });

/** It charges all three, whatever one of them says. */
const union: Subject = driven(async (storeClient, prefix) => {
  const { RateLimiterRedis, RateLimiterUnion } = await import('rate-limiter-flexible');
  const limiters = names.map(
    (name) =>
      new RateLimiterRedis({
        storeClient,
        keyPrefix: `${prefix}${name}`,
        points: plenty,
        duration: periods[name],
      }),
  );
  const limiter = new RateLimiterUnion(...limiters);
  await limiter.consume(identityAt(0));
  return { op: (i) => limiter.consume(identityAt(i)) };
});

const bare: Subject = driven((redis, prefix) => ({
  op: (i) => Promise.all(names.map((name) => redis.incr(`${prefix}${name}:${identityAt(i)}`))),
}));

/** Three rules about one identity, whose keys are in one slot. */
export const threeRules: Subjects = {
  ours: ours(names),
  floor: bare,
  rivals: { 'rate-limiter-flexible, union': union },
  otherFloors: { 'one rule': ours(['hour']) },
};

const checksCounted = 100;

/** The scripts that the server is asked to run for each check. */
export const tripsOfThree: Subject = async (environment) => {
  const { Redis } = await import('ioredis-6');
  const operator = new Redis(environment.url('redis'));
  const work = await ours(names)(environment);
  return {
    async op() {
      const before = await commandsOf(operator);
      for (let i = 0; i < checksCounted; i++) await work.op(i);
      return ((await commandsOf(operator)).sent - before.sent) / checksCounted;
    },
    async teardown() {
      operator.disconnect();
      await work.teardown?.();
    },
  };
};
