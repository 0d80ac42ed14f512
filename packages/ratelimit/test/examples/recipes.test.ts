import { joinKey, virtualClock } from '@parley/cache-core/kernel';
import { createLimiter, memoryLimitStore, subnetOf } from '@parley/ratelimit';
import { fastifyLimit } from '@parley/ratelimit/fastify';
import { byHeader, headerIdentity } from '@parley/ratelimit/http';
import fastify from 'fastify';
import { expect, it } from 'vitest';

it('throttles who guesses passwords, and locks nobody else out', async () => {
  const clock = virtualClock();
  const store = memoryLimitStore({ clock });
  const isPassword = async (name: string, password: string): Promise<boolean> => password === `${name}!`;
  // #region login
  const limiter = createLimiter({
    store,
    clock,
    rules: {
      // One name from one address: who guesses from elsewhere does not lock its owner out.
      guess: { kind: 'fixed', limit: 5, per: '15m', block: { for: '15m', factor: 2, max: '1d' } },
      // One address, whatever names it tries.
      address: { kind: 'sliding', limit: 50, per: '15m', whenAway: 'closed' },
      // One name, from however many addresses: slower, but never locked.
      name: { limit: 100, per: '1h' },
    },
  });

  async function signIn(name: string, password: string, ip: string): Promise<'in' | 'wrong' | 'later'> {
    const address = subnetOf(ip);
    const guess = joinKey([name, address]);
    // Charged before the password is looked at, so that guesses at the same moment count too.
    const verdict = await limiter.check([
      { rule: 'guess', identity: guess },
      { rule: 'address', identity: address },
      { rule: 'name', identity: name },
    ]);
    if (!verdict.ok) return 'later';
    if (!(await isPassword(name, password))) return 'wrong';
    // What its owner mistyped before is forgotten; what was tried with other names is not.
    await limiter.reset({ identity: guess, rules: 'guess' }).catch(() => undefined);
    return 'in';
  }
  // #endregion login
  for (let i = 0; i < 5; i++) expect(await signIn('ann', 'x', '203.0.113.5')).toBe('wrong');
  expect(await signIn('ann', 'ann!', '203.0.113.5')).toBe('later');
  expect(await signIn('ann', 'ann!', '198.51.100.1')).toBe('in');
  await clock.advance(15 * 60_000 + 1_000);
  for (let i = 0; i < 3; i++) expect(await signIn('ann', 'x', '203.0.113.5')).toBe('wrong');
  expect(await signIn('ann', 'ann!', '203.0.113.5')).toBe('in');
  expect(await limiter.peek('guess', { identity: joinKey(['ann', '203.0.113.5']) })).toMatchObject({
    remaining: 5,
  });
});

it('gives each agent a quota by its plan, and settles what was really used', async () => {
  const clock = virtualClock();
  const store = memoryLimitStore({ clock });
  const planOf = async (agent: string): Promise<'free' | 'team'> => (agent === 'agent 7' ? 'team' : 'free');
  const complete = async (prompt: string): Promise<{ text: string; tokens: number }> => ({
    text: prompt,
    tokens: 700,
  });
  // #region quota
  const limiter = createLimiter({
    store,
    clock,
    rules: {
      tokens: {
        kind: 'bucket',
        capacity: 10_000,
        refill: 10_000,
        per: '1h',
        limitFor: async (agent) =>
          (await planOf(agent)) === 'team' ? { limit: 100_000, burst: 100_000 } : undefined,
      },
      running: { kind: 'concurrency', limit: 3, lease: '30s' },
    },
  });

  async function ask(agent: string, prompt: string): Promise<string> {
    const [tokens, running] = [
      { rule: 'tokens', cost: 1_000 },
      { rule: 'running', cost: 1 },
    ] as const;
    return limiter.run([tokens, running], { identity: agent }, async () => {
      const answer = await complete(prompt);
      const over = answer.tokens - tokens.cost;
      const change = { units: Math.abs(over) };
      if (over > 0) await limiter.penalty('tokens', agent, change);
      else if (over < 0) await limiter.reward('tokens', agent, change);
      return answer.text;
    });
  }
  // #endregion quota
  expect(await ask('agent 7', 'hello')).toBe('hello');
  expect(await ask('agent 8', 'hello')).toBe('hello');
  expect(await limiter.peek('tokens', { identity: 'agent 7' })).toMatchObject({ remaining: 99_300 });
  expect((await limiter.peek('tokens', { identity: 'agent 8' })).remaining).toBeGreaterThanOrEqual(9_300);
  await limiter.penalty('tokens', 'agent 7', { units: 50_000 });
  expect(await ask('agent 7', 'more')).toBe('more');
  await clock.advance(60_000);
  // 100,000 an hour come back, and not what the rule says of others.
  expect((await limiter.reward('tokens', 'agent 7')).remaining).toBe(48_600 + 1_667);
  expect(await limiter.peek('running', { identity: 'agent 7' })).toMatchObject({ remaining: 3 });
});

it('limits API keys that are known, by what they pay for', async () => {
  const app = fastify();
  const store = memoryLimitStore();
  const keys = new Map([
    ['k-small', { perMinute: 2 }],
    ['k-large', { perMinute: 600 }],
  ]);
  // #region api-keys
  const limitOf = new Map(
    Array.from(keys, ([key, { perMinute }]) => [headerIdentity('x-api-key', key), perMinute]),
  );
  const limiter = createLimiter({
    store,
    rules: {
      stranger: { limit: 20, per: '1m' },
      key: { limit: 60, per: '1m', limitFor: (identity) => ({ limit: limitOf.get(identity) }) },
    },
  });
  // Who has no key that we know counts by address: they cost us little.
  app.addHook(
    'onRequest',
    fastifyLimit(limiter, { rules: 'stranger', skip: (_, { header }) => isKey(header('x-api-key')) }),
  );
  app.addHook('onRequest', (request, reply, done) => {
    if (isKey(request.headers['x-api-key'])) done();
    else reply.code(401).send({ error: 'no such key' });
  });
  // Who comes here has a key: nobody makes up identities.
  app.addHook('preHandler', fastifyLimit(limiter, { rules: 'key', identity: byHeader('x-api-key') }));
  // #endregion api-keys
  function isKey(value: unknown): boolean {
    return typeof value === 'string' && keys.has(value);
  }
  app.get('/', () => 'hello');
  const status = async (key: string): Promise<number> =>
    (await app.inject({ url: '/', headers: { 'x-api-key': key } })).statusCode;
  expect([await status('k-small'), await status('k-small'), await status('k-small')]).toEqual([
    200, 200, 429,
  ]);
  expect(await status('k-large')).toBe(200);
  for (let i = 0; i < 20; i++) expect(await status(`guess ${i}`)).toBe(401);
  expect(await status('guess 21')).toBe(429);
  expect(await status('k-large')).toBe(200);
  await app.close();
});
