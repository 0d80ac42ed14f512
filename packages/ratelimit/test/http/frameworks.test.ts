import type { Server } from 'node:http';
import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { byAddress, byHeader, firstOf, headerIdentity } from '@parley/ratelimit/http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { world } from '../world.ts';
import { closed, originOf } from './origin.ts';
import { sites, type Site, type SiteParts } from './sites.ts';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(closed));
});

describe.each(Object.entries(sites))('a limit of requests with %s', (_framework, site: Site) => {
  async function at<Name extends string>(parts: SiteParts<Name>): Promise<string> {
    const server = await site(parts);
    open.push(server);
    return originOf(server);
  }

  it('lets requests through until there is nothing left, and says how they stand', async () => {
    const { limiter } = world({ api: { kind: 'fixed', limit: 2, per: '1m' } });
    const origin = await at({ limiter, options: { rules: 'api', legacy: true } });
    const first = await fetch(origin);
    expect(first.status).toBe(200);
    expect(await first.text()).toBe('1');
    expect(first.headers.get('ratelimit-policy')).toBe('"api";q=2;w=60');
    expect(first.headers.get('ratelimit')).toBe('"api";r=1;t=60');
    expect(first.headers.get('retry-after')).toBeNull();
    await fetch(origin);
    const denied = await fetch(origin);
    expect(denied.status).toBe(429);
    expect(denied.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(denied.headers.get('ratelimit')).toBe('"api";r=0;t=60');
    expect(denied.headers.get('retry-after')).toBe('60');
    expect(denied.headers.get('x-ratelimit-limit')).toBe('2');
    expect(denied.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(denied.headers.get('x-ratelimit-reset')).toBe('60');
    expect(await denied.json()).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'Request cannot be satisfied as assigned quota has been exceeded',
      status: 429,
      'violated-policies': ['api'],
    });
  });

  it('admits again after the time that it told', async () => {
    const { limiter, clock } = world({ api: { limit: 2, per: '5s', burst: 1 } });
    const origin = await at({ limiter, options: { rules: 'api' } });
    await fetch(origin);
    const denied = await fetch(origin);
    await clock.advance(Number(denied.headers.get('retry-after')) * 1_000);
    expect((await fetch(origin)).status).toBe(200);
  });

  it('counts by the address of the connection, whatever a request says', async () => {
    const { limiter } = world({ api: { limit: 1, per: '1m' } });
    const origin = await at({ limiter, options: { rules: 'api' } });
    const statuses = ['192.0.2.1', '192.0.2.2'].map(async (address) => {
      const { status } = await fetch(origin, { headers: { 'x-forwarded-for': address } });
      return status;
    });
    expect((await Promise.all(statuses)).toSorted((a, b) => a - b)).toEqual([200, 429]);
    expect(await limiter.peek('api', { identity: '127.0.0.1' })).toMatchObject({ remaining: 0 });
  });

  it('counts by what a trusted proxy says', async () => {
    const { limiter } = world({ api: { limit: 1, per: '1m' } });
    const identity = byAddress({ trust: ['127.0.0.0/8'] });
    const origin = await at({ limiter, options: { rules: 'api', identity } });
    const status = async (address: string): Promise<number> =>
      (await fetch(origin, { headers: { 'x-forwarded-for': address } })).status;
    expect(await status('2001:db8::1')).toBe(200);
    expect(await status('2001:db8:0:1::1')).toBe(200);
    expect(await status('2001:db8::2')).toBe(429);
    expect(await status('203.0.113.9, 2001:db8::2')).toBe(429);
  });

  it('charges several rules all or none, each for its own identity and at its own cost', async () => {
    const { limiter } = world({ key: { limit: 10, per: '1m' }, address: { limit: 2, per: '1m' } });
    const origin = await at({
      limiter,
      options: {
        rules: [
          { rule: 'key', cost: 4 },
          { rule: 'address', identity: byAddress() },
        ],
        identity: () => 'ann',
      },
    });
    expect((await fetch(origin)).headers.get('ratelimit')).toBe('"key";r=6;t=6, "address";r=1;t=30');
    await fetch(origin);
    const denied = await fetch(origin);
    expect(await denied.json()).toMatchObject({ 'violated-policies': ['key', 'address'] });
    expect(await limiter.peek('key', { identity: 'ann' })).toMatchObject({ remaining: 2 });
  });

  it('counts who has no key by address', async () => {
    const { limiter } = world({ api: { limit: 1, per: '1m' } });
    const origin = await at({ limiter, options: { rules: 'api', identity: byHeader('X-Api-Key') } });
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(origin, { headers })).status;
    expect(await status({ 'x-api-key': 'one' })).toBe(200);
    expect(await status({ 'x-api-key': 'two' })).toBe(200);
    expect(await status({ 'x-api-key': 'one' })).toBe(429);
    expect(await status({})).toBe(200);
    expect(await status({ 'x-api-key': '' })).toBe(429);
    expect(await limiter.peek('api', { identity: '127.0.0.1' })).toMatchObject({ remaining: 0 });
  });

  it('counts by the first that knows', async () => {
    const { limiter } = world({ api: { limit: 5, per: '1m' } });
    const identity = firstOf(byHeader('x-api-key'), byAddress({ trust: ['127.0.0.1'] }));
    const origin = await at({ limiter, options: { rules: 'api', identity } });
    await fetch(origin, { headers: { 'x-api-key': 'one', 'x-forwarded-for': '192.0.2.1' } });
    await fetch(origin, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    const left = async (who: string): Promise<number> =>
      (await limiter.peek('api', { identity: who })).remaining;
    expect(await left(headerIdentity('x-api-key', 'one'))).toBe(4);
    expect(await left('192.0.2.1')).toBe(4);
    expect(await left('127.0.0.1')).toBe(5);
  });

  it('neither counts nor describes what is skipped', async () => {
    const { limiter } = world({ api: { limit: 1, per: '1m' } });
    const skip = (_: unknown, { header }: { header: (name: string) => string | undefined }): boolean =>
      header('x-probe') === 'yes';
    const origin = await at({ limiter, options: { rules: 'api', skip } });
    for (let i = 0; i < 3; i++) {
      const response = await fetch(origin, { headers: { 'x-probe': 'yes' } });
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit')).toBeNull();
      expect(await response.text()).toBe('undefined');
    }
    expect(limiter.stats().checks).toBe(0);
  });

  it('tells of all limits that a request passed', async () => {
    const { limiter } = world({ all: { limit: 10, per: '1m' }, route: { limit: 1, per: '1m' } });
    const origin = await at({ limiter, options: { rules: 'all' }, second: { rules: 'route' } });
    const response = await fetch(origin);
    expect(response.headers.get('ratelimit')?.match(/"\w+"/g)?.toSorted()).toEqual(['"all"', '"route"']);
    expect(response.headers.get('ratelimit-policy')?.match(/"\w+"/g)).toHaveLength(2);
    const denied = await fetch(origin);
    expect(denied.status).toBe(429);
    expect(await denied.json()).toMatchObject({ 'violated-policies': ['route'] });
    expect(denied.headers.get('ratelimit')).toContain('"route";r=0');
  });

  it('leaves it to the rule what happens while the store is away', async () => {
    const { limiter, store } = world({
      open: { limit: 1, per: '1m', whenAway: 'open' },
      closed: { limit: 1, per: '1m', whenAway: 'closed' },
    });
    store.state = 'down';
    const [lenient, strict] = [
      await at({ limiter, options: { rules: 'open' } }),
      await at({ limiter, options: { rules: 'closed' } }),
    ];
    for (let i = 0; i < 3; i++) {
      const response = await fetch(lenient);
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit-policy')).toBe('"open";q=1;w=60');
      expect(response.headers.get('ratelimit')).toBeNull();
    }
    const denied = await fetch(strict);
    expect(denied.status).toBe(503);
    expect(denied.headers.get('retry-after')).toBe('1');
    expect(await denied.json()).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
    });
  });

  it('answers nobody on a list when to come back', async () => {
    const { limiter } = world({ api: { limit: 5, per: '1m', deny: ['127.0.0.1'] } });
    const denied = await fetch(await at({ limiter, options: { rules: 'api' } }));
    expect(denied.status).toBe(403);
    expect(denied.headers.get('retry-after')).toBeNull();
    expect(denied.headers.get('ratelimit')).toBeNull();
  });

  it('answers as the application wants it, with the same headers', async () => {
    const { limiter } = world({ api: { limit: 1, per: '1m' } });
    const origin = await at({ limiter, options: { rules: 'api' }, own: true });
    await fetch(origin);
    const denied = await fetch(origin);
    expect(denied.status).toBe(429);
    expect(denied.headers.get('retry-after')).toBe('60');
    expect(await denied.text()).toBe('teapot');
  });

  it('hands what the application got wrong to the framework', async () => {
    const { limiter } = world({ api: { limit: 1, per: '1m' } });
    const identity = (): string => {
      throw new Error('who?');
    };
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const origin = await at({ limiter, options: { rules: 'api', identity } });
    expect((await fetch(origin)).status).toBe(500);
    expect((await fetch(await at({ limiter, options: { rules: 'api', cost: 2 } }))).status).toBe(500);
    error.mockRestore();
  });

  it('holds a slot until the response was sent', async () => {
    const limiter = createLimiter({
      store: memoryLimitStore(),
      rules: { busy: { kind: 'concurrency', limit: 1, lease: '1m' } },
    });
    const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = (): Promise<void> => {
      reached.resolve();
      return gate.promise;
    };
    const origin = await at({ limiter, options: { rules: 'busy' }, slow });
    const working = fetch(`${origin}/slow`);
    await reached.promise;
    const denied = await fetch(origin);
    expect(denied.status).toBe(429);
    expect(denied.headers.get('ratelimit-policy')).toBe('"busy";q=1;qu="concurrent-requests"');
    gate.resolve();
    expect((await working).status).toBe(200);
    await vi.waitFor(async () => {
      expect(await limiter.peek('busy', { identity: '127.0.0.1' })).toMatchObject({ remaining: 1 });
    });
  });
});

it('gives a slot back when its client goes away', async () => {
  const limiter = createLimiter({
    store: memoryLimitStore(),
    rules: { busy: { kind: 'concurrency', limit: 1, lease: '1m' } },
  });
  const reached = Promise.withResolvers<void>();
  const slow = (): Promise<void> => {
    reached.resolve();
    return new Promise(() => undefined);
  };
  const server = await sites['express']?.({ limiter, options: { rules: 'busy' }, slow });
  if (server === undefined) throw new TypeError('no such framework');
  open.push(server);
  const leaving = new AbortController();
  const asked = fetch(`${originOf(server)}/slow`, { signal: leaving.signal });
  const outcome = asked.then(
    () => 'answered',
    () => 'gone',
  );
  await reached.promise;
  leaving.abort();
  expect(await outcome).toBe('gone');
  await vi.waitFor(async () => {
    expect(await limiter.peek('busy', { identity: '127.0.0.1' })).toMatchObject({ remaining: 1 });
  });
});
