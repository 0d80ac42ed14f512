import { subnetOf } from '@parley/ratelimit';
import { openParley } from '@parley/runtime';
import { afterAll, describe, expect, it, vi } from 'vitest';

// Nothing here is about where it is kept, and memory is never late.
vi.stubEnv('CACHE_ADAPTER', 'memory');
const { limiter, locks, sessions, close } = await openParley();
afterAll(close);

const passwordOf = new Map([['ann', 'right']]);
const isRight = async (name: string, password: string): Promise<boolean> => passwordOf.get(name) === password;

// #region login
const attempts = await limiter({
  rules: {
    // Whoever guesses at one name, from wherever: 15 minutes, then 30, then 60.
    name: {
      kind: 'fixed', // and no longer than the block: it has ended with it
      limit: 5,
      per: '15m',
      block: { for: '15m', factor: 2, max: '1d' },
      whenAway: 'closed',
    },
    // Whoever guesses at many names from one place.
    address: { kind: 'sliding', limit: 50, per: '15m' },
  },
});
const signedIn = await sessions({ ttl: '24h' });

export async function signIn(name: string, password: string, address: string): Promise<string | undefined> {
  // Counted before the password is looked at: many attempts at once are as many attempts.
  await attempts.consume([
    { rule: 'name', identity: name },
    { rule: 'address', identity: subnetOf(address) },
  ]); // rejects with RateLimited, which has `verdict.retryAfterMs`
  if (!(await isRight(name, password))) return undefined;
  await attempts.reset({ rules: 'name', identity: name });
  return (await signedIn.create({ user: name, data: {}, address })).id;
}
// #endregion login

describe('sign-in', () => {
  it('is for who knows the password, and forgets their mistakes', async () => {
    for (let i = 0; i < 4; i++) expect(await signIn('ann', 'wrong', '192.0.2.1')).toBeUndefined();
    const id = await signIn('ann', 'right', '192.0.2.1');
    expect(await signedIn.get(id ?? '')).toMatchObject({ user: 'ann' });
    expect(await signIn('ann', 'wrong', '192.0.2.1')).toBeUndefined();
  });

  it('denies who guesses at one name, however many come at once', async () => {
    const tries = Array.from({ length: 20 }, (_, i) =>
      signIn('bob', `guess ${i}`, `198.51.100.${i}`).then(
        () => 'tried',
        () => 'denied',
      ),
    );
    expect((await Promise.all(tries)).filter((became) => became === 'tried')).toHaveLength(5);
    await expect(signIn('bob', 'again', '203.0.113.1')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      verdict: { violated: ['name'] },
    });
  });

  it('denies who guesses at many names from one network', async () => {
    const from = (i: number): string => `2001:db8:1:2::${i.toString(16)}`;
    for (let i = 0; i < 50; i++) await signIn(`user ${i}`, 'guess', from(i));
    await expect(signIn('user 50', 'guess', from(50))).rejects.toMatchObject({
      verdict: { violated: ['address'] },
    });
  });
});

interface Answer {
  readonly text: string;
  readonly tokens: number;
}
const model = async (prompt: string, signal: AbortSignal): Promise<Answer> => {
  signal.throwIfAborted();
  return { text: prompt.toUpperCase(), tokens: 900 };
};

// #region quota
const quota = await limiter({
  rules: {
    tokens: { kind: 'bucket', capacity: 10_000, refill: 10_000, per: '1d' },
    runs: { kind: 'concurrency', limit: 2, lease: '30s' },
  },
});

/** @param request names the call: sent again, it is charged once, but done again */
export async function ask(agent: string, prompt: string, request: string): Promise<string> {
  const expected = 500;
  const { replayed } = await quota.consume('tokens', { identity: agent, cost: expected, token: request });
  // Two at once for each agent; a process that crashes gives its slots back with the lease.
  const { text, tokens } = await quota.run('runs', { identity: agent }, (signal) => model(prompt, signal));
  // What was settled before is not settled again: rewards without a charge would fill the bucket.
  const more = replayed ? 0 : tokens - expected;
  if (more > 0) await quota.penalty('tokens', agent, { units: more });
  if (more < 0) await quota.reward('tokens', agent, { units: -more });
  return text;
}
// #endregion quota

describe('a quota', () => {
  it('is charged by what was really used, for each agent alone', async () => {
    expect(await ask('agent 7', 'hello', 'r1')).toBe('HELLO');
    const left = async (identity: string) => (await quota.peek('tokens', { identity })).remaining;
    // A little may have come back already.
    expect(await left('agent 7')).toBeGreaterThanOrEqual(9_100);
    expect(await left('agent 7')).toBeLessThan(9_500);
    expect(await left('agent 8')).toBe(10_000);
    for (let i = 0; i < 3; i++) await ask('agent 7', 'hello', 'r1');
    expect(await left('agent 7')).toBeGreaterThanOrEqual(9_100);
    expect(await left('agent 7')).toBeLessThan(9_500);
    await quota.penalty('tokens', 'agent 7', { units: 9_100 });
    await expect(ask('agent 7', 'more', 'r2')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

// #region keys
const plans = new Map([
  ['key-of-acme', { limit: 1_000 }],
  ['key-of-bob', { limit: 2 }],
]);
const revoked = new Set(['key-of-eve']);

const calls = await limiter({
  rules: {
    call: {
      limit: 60,
      per: '1m',
      limitFor: (key) => plans.get(key), // may ask a database; late or failing, the 60 hold
      deny: (key) => revoked.has(key),
      allow: ['key-of-the-monitoring'],
    },
  },
});

export async function answer(key: string): Promise<{ status: number; headers: Record<string, string> }> {
  const { ok, retryAfterMs, remaining } = await calls.check('call', { identity: key });
  if (ok) return { status: 200, headers: { 'x-remaining': `${remaining}` } };
  if (retryAfterMs === Infinity) return { status: 403, headers: {} };
  return { status: 429, headers: { 'retry-after': `${Math.ceil(retryAfterMs / 1_000)}` } };
}
// #endregion keys

describe('API keys', () => {
  const statuses = async (key: string, count: number): Promise<number[]> => {
    const found = [];
    for (let i = 0; i < count; i++) found.push((await answer(key)).status);
    return found;
  };

  it('have the limits of their plans', async () => {
    expect(await statuses('key-of-bob', 3)).toEqual([200, 200, 429]);
    expect(Number((await answer('key-of-bob')).headers['retry-after'])).toBeGreaterThan(0);
    expect(new Set(await statuses('key-of-acme', 100))).toEqual(new Set([200]));
    expect(new Set(await statuses('key-of-the-monitoring', 100))).toEqual(new Set([200]));
  });

  it('that are revoked get no further', async () => {
    expect(await statuses('key-of-eve', 1)).toEqual([403]);
  });
});

const reports = new Map<string, { text: string; fence: number }>();
const isWritten = async (day: string): Promise<boolean> => reports.has(day);
let made = 0;
const makeReport = async (day: string, signal: AbortSignal): Promise<string> => {
  signal.throwIfAborted();
  made += 1;
  return `the report of ${day}`;
};
const writeReport = async (day: string, text: string, fence: number): Promise<void> => {
  if (fence < (reports.get(day)?.fence ?? 0)) throw new Error('somebody else has the lock by now');
  reports.set(day, { text, fence });
};

// #region singleton
const jobs = await locks();

/** Started by every node at midnight; done by one, and by the next one if that crashes. */
export function dailyReport(day: string): Promise<void> {
  return jobs.using(
    `report:${day}`,
    async (signal, fence) => {
      // A lock says who works, not whether it is done: those who waited look.
      if (await isWritten(day)) return;
      const text = await makeReport(day, signal); // stops when the lock is lost
      await writeReport(day, text, fence); // refused when somebody had the lock since
    },
    { wait: '1h' },
  );
}
// #endregion singleton

it('a job that every node starts is done once', async () => {
  await Promise.all([dailyReport('monday'), dailyReport('monday'), dailyReport('monday')]);
  expect(made).toBe(1);
  expect(reports.get('monday')?.text).toBe('the report of monday');
});
