import {
  createLimiter,
  memoryLimitStore,
  type Limiter,
  type LimitStore,
  type RuleVerdict,
  type Verdict,
} from '@parley/ratelimit';
import { describe, expectTypeOf, it } from 'vitest';

describe('the types of a limiter', () => {
  const limiter = createLimiter({
    store: memoryLimitStore(),
    rules: { message: { limit: 1, per: '1m' }, jobs: { kind: 'concurrency', limit: 1, lease: '5s' } },
  });

  it('know the rules by their names', () => {
    expectTypeOf(limiter).toEqualTypeOf<Limiter<'message' | 'jobs'>>();
    const check = () => limiter.check('message', { identity: 'ann' });
    expectTypeOf(check).returns.toEqualTypeOf<Promise<Verdict<'message' | 'jobs'>>>();
    expectTypeOf<Verdict<'a'>['violated']>().toEqualTypeOf<readonly 'a'[]>();
    expectTypeOf<Verdict<'a'>['rules']>().toEqualTypeOf<readonly RuleVerdict<'a'>[]>();
    const wrong = (): void => {
      // @ts-expect-error there is no such rule
      void limiter.check('nothing', { identity: 'ann' });
      // @ts-expect-error nor among several
      void limiter.check(['message', { rule: 'nothing' }], { identity: 'ann' });
    };
    expectTypeOf(wrong).toBeFunction();
  });

  it('ask of each kind of rule what it needs', () => {
    const wrong = (): void => {
      const store = memoryLimitStore();
      // @ts-expect-error a window has no burst
      createLimiter({ store, rules: { one: { kind: 'log', limit: 1, per: '1m', burst: 2 } } });
      // @ts-expect-error slots have a lease
      createLimiter({ store, rules: { one: { kind: 'concurrency', limit: 1, per: '1m' } } });
      // @ts-expect-error a bucket has a capacity
      createLimiter({ store, rules: { one: { kind: 'bucket', limit: 1, per: '1m' } } });
    };
    expectTypeOf(wrong).toBeFunction();
  });

  it('give what the work comes to', () => {
    const run = () => limiter.run('jobs', { identity: 'ann' }, async () => 7);
    expectTypeOf(run).returns.toEqualTypeOf<Promise<number>>();
  });

  it('take the memory store for any other', () => {
    expectTypeOf(memoryLimitStore()).toExtend<LimitStore>();
  });
});
