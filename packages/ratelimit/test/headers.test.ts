import { limitHeaders, limitProblem } from '@parley/ratelimit/http';
import { describe, expect, it } from 'vitest';
import { fieldItem } from '../src/http-field.ts';
import { world } from './world.ts';

describe('the fields of a response', () => {
  it('tell when more is there: of a rule that drains the next unit, of a window its end', async () => {
    const { limiter, clock } = world({
      burst: { limit: 10, per: '1m' },
      daily: { kind: 'fixed', limit: 100, per: '1d' },
    });
    const verdict = await limiter.check(['burst', 'daily'], { identity: 'ann', cost: 4 });
    expect(limitHeaders(verdict)).toEqual({
      'RateLimit-Policy': '"burst";q=10;w=60, "daily";q=100;w=86400',
      RateLimit: '"burst";r=6;t=6, "daily";r=96;t=86400',
    });
    await clock.advance(4_500);
    const later = await limiter.peek(['burst', 'daily'], { identity: 'ann' });
    expect(limitHeaders(later)['RateLimit']).toBe('"burst";r=6;t=2, "daily";r=96;t=86396');
  });

  it('tell of no reset where nothing was used, and of none of slots', async () => {
    const { limiter } = world({
      api: { limit: 10, per: '1m' },
      jobs: { kind: 'concurrency', limit: 3, lease: '30s' },
    });
    expect(limitHeaders(await limiter.peek(['api', 'jobs'], { identity: 'ann' }))).toEqual({
      'RateLimit-Policy': '"api";q=10;w=60, "jobs";q=3;qu="concurrent-requests"',
      RateLimit: '"api";r=10, "jobs";r=3',
    });
  });

  it.each([
    [{ kind: 'bucket', capacity: 1_000, refill: 100, per: '1m' } as const, '"a";q=1000;w=600'],
    [{ limit: 100, per: '1m', burst: 1 } as const, '"a";q=100;w=60'],
    [{ limit: 5, per: 0.5 } as const, '"a";q=5;w=1'],
    [{ kind: 'log', limit: 5, per: 1.9 } as const, '"a";q=5;w=2'],
  ])('promise of %o no more than it is', async (rule, policy) => {
    const { limiter } = world({ a: rule });
    const headers = limitHeaders(await limiter.check('a', { identity: 'ann' }));
    expect(headers['RateLimit-Policy']).toBe(policy);
  });

  it('never ask to come back before a reset that they tell', async () => {
    const { limiter } = world({
      second: { limit: 2, per: 0.7 },
      daily: { kind: 'fixed', limit: 100, per: '1d' },
    });
    const rules = ['second', 'daily'] as const;
    await limiter.check(rules, { identity: 'ann', cost: 2 });
    const denied = limitHeaders(await limiter.check(rules, { identity: 'ann', cost: 2 }));
    expect(denied).toMatchObject({ 'Retry-After': '1', RateLimit: '"second";r=0;t=1, "daily";r=98' });
  });

  it('tell a block as the time until it ends', async () => {
    const { limiter } = world({ login: { limit: 1, per: '1s', block: { for: '10m' } } });
    await limiter.check('login', { identity: 'ann' });
    const denied = limitHeaders(await limiter.check('login', { identity: 'ann' }));
    expect(denied).toMatchObject({ 'Retry-After': '600', RateLimit: '"login";r=0;t=600' });
  });

  it('leave out rules in shadow and who is always admitted', async () => {
    const { limiter } = world({
      tried: { limit: 1, per: '1m', shadow: true },
      api: { limit: 1, per: '1m', allow: ['ann'] },
    });
    expect(limitHeaders(await limiter.check(['tried', 'api'], { identity: 'ann' }))).toEqual({});
  });

  it('tell the former fields of the rule that is nearest to its end, where they are asked for', async () => {
    const { limiter } = world({ few: { limit: 4, per: '1m' }, many: { limit: 100, per: '1m' } });
    const rules = ['many', 'few'] as const;
    const verdict = await limiter.check(rules, { identity: 'ann', cost: 3 });
    expect(limitHeaders(verdict, { standard: false, legacy: true })).toEqual({
      'X-RateLimit-Limit': '4',
      'X-RateLimit-Remaining': '1',
      'X-RateLimit-Reset': '15',
    });
    const denied = await limiter.check(rules, { identity: 'ann', cost: 3 });
    expect(limitHeaders(denied, { standard: false, legacy: true })).toEqual({
      'X-RateLimit-Limit': '4',
      'X-RateLimit-Remaining': '1',
      'X-RateLimit-Reset': '30',
      'Retry-After': '30',
    });
  });

  it('tell for whom and in what was counted', async () => {
    const { limiter } = world({ bytes: { limit: 1_000, per: '1m' } });
    const verdict = await limiter.check('bytes', { identity: 'ann', cost: 10 });
    const partition = ({ identity }: { identity: string }): string => `${identity}é`;
    expect(limitHeaders(verdict, { units: { bytes: 'content-bytes' }, partition })).toEqual({
      'RateLimit-Policy': '"bytes";q=1000;qu="content-bytes";w=60;pk=:YW5uw6k=:',
      RateLimit: '"bytes";r=990;t=1;pk=:YW5uw6k=:',
    });
  });

  it('describe the policy of a rule once, and how it stands for each identity', async () => {
    const { limiter } = world({ api: { limit: 10, per: '1m' } });
    const verdict = await limiter.check([
      { rule: 'api', identity: 'ann' },
      { rule: 'api', identity: 'bob', cost: 2 },
    ]);
    expect(limitHeaders(verdict)).toEqual({
      'RateLimit-Policy': '"api";q=10;w=60',
      RateLimit: '"api";r=9;t=6, "api";r=8;t=6',
    });
  });
});

describe('the body for who is denied', () => {
  it('is that the quota is exceeded as soon as one rule was counted', async () => {
    const { limiter, store } = world({
      own: { limit: 1, per: '1m', whenAway: 'share' },
      closed: { limit: 1, per: '1m', whenAway: 'closed' },
    });
    store.state = 'down';
    await limiter.check('own', { identity: 'ann' });
    const denied = await limiter.check(['own', 'closed'], { identity: 'ann' });
    expect(limitProblem(denied)).toMatchObject({ status: 429, 'violated-policies': ['own', 'closed'] });
  });
});

describe('an item of a structured field', () => {
  it('quotes what must be', () => {
    expect(fieldItem(String.raw`a "b" \c`, { n: -3, s: 'x', none: undefined })).toBe(
      String.raw`"a \"b\" \\c";n=-3;s="x"`,
    );
  });

  it.each([['é'], ['a\nb']])('refuses %j', (text) => {
    expect(() => fieldItem(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it.each([[1.5], [Number.NaN], [1e15]])('refuses the number %d', (number) => {
    expect(() => fieldItem('a', { n: number })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it.each([['1a'], ['A'], ['a b'], ['']])('refuses the key %j', (key) => {
    expect(() => fieldItem('a', { [key]: 1 })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
