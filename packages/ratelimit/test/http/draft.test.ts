import type { LimiterOptions, Verdict } from '@parley/ratelimit';
import { limitHeaders, limitProblem } from '@parley/ratelimit/http';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { world } from '../world.ts';
import { parseList, type Item } from './structured-list.ts';

// Virtual time passes as slowly as the machine lets it.
vi.setConfig({ testTimeout: 60_000 });

type RuleOptions = LimiterOptions<string>['rules'][string];

const count = fc.integer({ min: 1, max: 20 });
const per = fc.integer({ min: 1, max: 20_000 }).map((ms) => `${ms}ms` as const);
const whenAway = fc.constantFrom('open' as const, 'closed' as const, 'share' as const);
const shadow = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
const block = fc.option(fc.record({ for: per }), { nil: undefined });
const common = { whenAway, shadow, block };
const rule: fc.Arbitrary<RuleOptions> = fc.oneof(
  fc.record({ limit: count, per, burst: fc.option(count, { nil: undefined }), ...common }),
  fc.record({ kind: fc.constant('bucket' as const), capacity: count, refill: count, per, ...common }),
  fc.record({
    kind: fc.constantFrom('fixed' as const, 'sliding' as const, 'log' as const),
    limit: count,
    per,
    ...common,
  }),
  fc.record({ kind: fc.constant('concurrency' as const), limit: count, lease: per, ...common }),
);
const name = fc.stringMatching(/^[\w.-]{1,64}$/);
const course = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 15_000 }), away: shadow }), {
  minLength: 1,
  maxLength: 12,
});

const units = ['requests', 'content-bytes', 'concurrent-requests'];

/** What the parameters of an item must be: their type, and whether they must be there. Others are for vendors, and there are none. */
type Shape = Readonly<Record<string, readonly [type: string, required: boolean]>>;
const policyShape: Shape = {
  q: ['integer', true],
  qu: ['string', false],
  w: ['integer', false],
  pk: ['bytes', false],
};
const limitShape: Shape = { r: ['integer', true], t: ['integer', false], pk: ['bytes', false] };

/** The items of a field by their names, if it is as the draft says. */
function read(field: string | undefined, shape: Shape): readonly Item[] {
  if (field === undefined) return [];
  const items = parseList(field);
  expect(items.length).toBeGreaterThan(0);
  for (const { value, parameters } of items) {
    expect(value.type).toBe('string');
    for (const [key, { type }] of parameters) expect([key, type]).toEqual([key, shape[key]?.[0]]);
    for (const [key, [, required]] of Object.entries(shape))
      if (required) expect([...parameters.keys()]).toContain(key);
  }
  return items;
}

const numberOf = ({ parameters }: Item, key: string): number | undefined => {
  const bare = parameters.get(key);
  return bare?.type === 'integer' ? bare.value : undefined;
};

function isAsTheDraftSays(verdict: Verdict): void {
  const headers = limitHeaders(verdict, { partition: ({ identity }) => identity });
  const policies = read(headers['RateLimit-Policy'], policyShape);
  const limits = read(headers['RateLimit'], limitShape);
  const quotas = new Map(policies.map((one) => [one.value.value, numberOf(one, 'q') ?? -1]));
  for (const one of policies) {
    expect(numberOf(one, 'q')).toBeGreaterThanOrEqual(0);
    expect(numberOf(one, 'w') ?? 1).toBeGreaterThanOrEqual(1);
    expect(units).toContain(one.parameters.get('qu')?.value ?? 'requests');
  }
  const retryAfter = headers['Retry-After'];
  // Seconds, where it was denied.
  expect(retryAfter ?? '').toMatch(verdict.ok ? /^$/ : /^[1-9][0-9]*$/);
  for (const one of limits) {
    // What is left of a policy that is told, and no more than there is.
    const quota = quotas.get(one.value.value) ?? -1;
    expect(numberOf(one, 'r')).toBeGreaterThanOrEqual(0);
    expect(numberOf(one, 'r')).toBeLessThanOrEqual(quota);
    expect(numberOf(one, 't') ?? 0).toBeGreaterThanOrEqual(0);
    // Nobody is told to come back before the end of an effective window.
    expect(Number(retryAfter ?? Infinity)).toBeGreaterThanOrEqual(numberOf(one, 't') ?? 0);
    const key = one.parameters.get('pk');
    expect(key?.type === 'bytes' && new TextDecoder().decode(key.value)).toBe('änn');
  }
  if (verdict.ok) return;
  const problem = limitProblem(verdict);
  expect([429, 503]).toContain(problem.status);
  expect(problem.type).toBe(
    `https://iana.org/assignments/http-problem-types#${problem.status === 429 ? 'quota-exceeded' : 'temporary-reduced-capacity'}`,
  );
  expect(problem.title).not.toBe('');
  expect(problem['violated-policies'].length).toBeGreaterThan(0);
  for (const violated of problem['violated-policies']) expect([...quotas.keys()]).toContain(violated);
}

describe('the fields of draft-ietf-httpapi-ratelimit-headers-11', () => {
  it('are what it says they are, for all rules and whatever happens', async () => {
    const rules = fc.dictionary(name, rule, { minKeys: 1, maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(rules, course, async (given, steps) => {
        const { limiter, store, clock } = world(given);
        for (const { waitMs, away } of steps) {
          await clock.advance(waitMs);
          store.state = away ? 'down' : 'up';
          isAsTheDraftSays(await limiter.check(Object.keys(given), { identity: 'änn' }));
        }
      }),
      { numRuns: 80 },
    );
  });

  it('are not read from what only looks like them', () => {
    expect(parseList('"a";q=1;w=2, "b";pk=:YQ==:')).toHaveLength(2);
    for (const wrong of [
      'a;q=1',
      '"a";Q=1',
      '"a";q',
      '"a",',
      '"a" "b"',
      '"a";q=1.5',
      '"é"',
      '"a";pk=:?:',
      '"a";q=1;q=2',
    ])
      expect(() => parseList(wrong)).toThrow(SyntaxError);
  });
});
