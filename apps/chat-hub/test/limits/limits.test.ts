import { startRedis, until } from '@parley/services';
import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { LimitFigures } from '@parley/hub-protocol';
import { hashPassword } from '../../src/access/password.ts';
import type { Hub } from '../../src/compose.ts';
import { TestClient } from '../support/client.ts';
import { openFileWorld } from '../support/file-world.ts';
import { hubDatabases, inject, openTestHub, outcomeOf, type TestHub, type TestUser } from '../support/hub.ts';

const patience = { timeout: 120_000 };
/** A machine that is busy counts, too. */
const limitsWithinMs = 5_000;
const limited = (HUB_LIMITS: string) => ({ env: { HUB_LIMITS }, limitsWithinMs });

const send = (hub: Hub, { token }: TestUser, channelId: string, clientId: string) =>
  inject(hub, 'POST', `/api/v1/channels/${channelId}/messages`, { token, body: { clientId, content: 'x' } });

async function channelOf(world: TestHub, { token }: TestUser): Promise<string> {
  const made = await world.ask('POST', '/channels', { token, body: { kind: 'public', name: 'talk' } });
  return made.json<{ id: string }>().id;
}

describe.each(hubDatabases)('on %s', patience, (kind) => {
  test('who sends too much is told how long to wait, and others are not held up', async () => {
    await using world = await openTestHub(kind, limited('message.person=3,message.agent=5'));
    const [ann, bob] = [await world.user('ann'), await world.user('bob')];
    const bot = await world.user('bot', { kind: 'agent' });
    const boss = await world.user('boss', { role: 'owner' });
    const channelId = await channelOf(world, boss);
    for (const { token } of [ann, bob, bot])
      await world.ask('POST', `/channels/${channelId}/join`, { token, body: {} });
    const outcomes = async (user: TestUser, count: number) => {
      const all: unknown[] = [];
      for (let i = 0; i < count; i += 1)
        all.push(outcomeOf(await send(world.hub, user, channelId, `${user.handle}-${i}`)));
      return all;
    };
    expect(await outcomes(ann, 5)).toEqual([201, 201, 201, 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(await outcomes(bob, 1)).toEqual([201]);
    expect(await outcomes(bot, 6)).toEqual([201, 201, 201, 201, 201, 'RATE_LIMITED']);
    expect(await outcomes(boss, 8)).not.toContain('RATE_LIMITED');

    const refused = await send(world.hub, ann, channelId, 'one-more');
    const { retryAfter } = refused.json<{ retryAfter: number }>();
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(20_000);
    expect(Number(refused.headers['retry-after'])).toBe(Math.ceil(retryAfter / 1_000));
    expect(refused.headers['ratelimit-policy']).toBe('"message.person";q=3;w=60');
    expect(refused.headers['ratelimit']).toMatch(/^"message\.person";r=0;t=\d+$/);

    // What was sent before is the same message, however often it comes.
    const again = await send(world.hub, ann, channelId, 'ann-0');
    expect(outcomeOf(again)).toBe(201);

    const figures = (await world.ask('GET', '/limits', { token: boss.token })).json<LimitFigures>();
    expect(figures.limits.find(({ name }) => name === 'message.person')).toEqual({
      name: 'message.person',
      limit: 3,
      seconds: 60,
      admitted: 5,
      denied: 3,
    });
    expect(figures.denied[0]).toEqual({ name: 'message.person', identity: ann.id, denied: 3 });
    expect(outcomeOf(await world.ask('GET', '/limits', { token: bot.token }))).toBe('FORBIDDEN');
    expect(world.hub.metrics.text()).toContain(
      'parley_limit_checks_total{limit="message.person",outcome="denied"} 3',
    );
  });

  test('searches and uploads are limited as well, with a time to come again, and shown with the others', async () => {
    await using files = await openFileWorld(kind, { HUB_LIMITS: 'search.person=2,upload.person=3' });
    const { world, ann, bob } = files;
    const boss = await world.user('boss', { role: 'owner' });
    const search = ({ token }: TestUser) => world.ask('GET', '/search?query=word', { token });
    const found = [await search(ann), await search(ann), await search(ann), await search(bob)];
    expect(found.map(outcomeOf)).toEqual([200, 200, 'RATE_LIMITED', 200]);
    // Each part is an upload, and so is its end: here the third and last that may be.
    const { id } = (await files.create({ size: 1 })).json<{ id: string }>();
    expect(outcomeOf(await files.write(id, 0, Buffer.from('x')))).toBeLessThan(300);
    expect(outcomeOf(await files.finish(id))).toBe(200);
    const refused = await files.create({ size: 1 });
    expect(outcomeOf(refused)).toBe('RATE_LIMITED');
    for (const [response, seconds] of [
      [found[2], 30],
      [refused, 20],
    ] as const) {
      const { retryAfter } = response?.json<{ retryAfter: number }>() ?? {};
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(seconds * 1_000);
    }
    const { limits, denied } = (
      await world.ask('GET', '/limits', { token: boss.token })
    ).json<LimitFigures>();
    const figuresOf = (name: string) => limits.find((one) => one.name === name);
    expect(figuresOf('search.person')).toMatchObject({ limit: 2, seconds: 60, admitted: 3, denied: 1 });
    expect(figuresOf('upload.person')).toMatchObject({ limit: 3, seconds: 60, admitted: 3, denied: 1 });
    expect(denied).toContainEqual({ name: 'upload.person', identity: ann.id, denied: 1 });
  });

  test('a frame is charged as a request is, and one that is resent is not charged', async () => {
    await using world = await openTestHub(kind, limited('message=3,reaction=2,typing=2'));
    const ann = await world.user('ann', { kind: 'agent' });
    const channelId = await channelOf(world, ann);
    const url = `${(await world.hub.listen()).replace('http', 'ws')}/api/v1/socket`;
    const client = await TestClient.open(url, { token: ann.token });
    const say = (clientId: string) => client.ask({ type: 'send', channelId, clientId, content: 'x' });
    const first = await say('a');
    for (let i = 0; i < 5; i += 1) expect((await say('a')).type).toBe('ack');
    expect((await say('b')).type).toBe('ack');
    expect(outcomeOf(await send(world.hub, ann, channelId, 'c'))).toBe(201);
    expect(await say('d')).toMatchObject({
      type: 'error',
      error: { code: 'RATE_LIMITED', retryable: true, retryAfter: expect.any(Number) },
    });
    if (first.type !== 'ack') throw new Error('it was sent');
    const messageId = first.messageId ?? '';
    const react = async (type: 'react' | 'unreact') =>
      (await client.ask({ type, channelId, messageId, emoji: 'x' })).type;
    expect([await react('react'), await react('unreact'), await react('react')]).toEqual([
      'ack',
      'ack',
      'error',
    ]);
    // A frame that nothing is answered to is told of as well, once it is one too many.
    for (const state of ['start', 'start', 'stop', 'start'] as const)
      client.send({ type: 'typing', channelId, state });
    const { error } = await client.first('error', ({ ref }) => ref === undefined);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', detail: expect.stringContaining('typing.agent') });
    expect(client.of('error').filter(({ ref }) => ref === undefined)).toHaveLength(1);
    client.close();
  });

  test('of frames that come at once, those that are within the limit are sent, in their order', async () => {
    await using world = await openTestHub(kind, limited('message=4'));
    const ann = await world.user('ann');
    const channelId = await channelOf(world, ann);
    const url = `${(await world.hub.listen()).replace('http', 'ws')}/api/v1/socket`;
    const client = await TestClient.open(url, { token: ann.token });
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, i) =>
        client.ask({ type: 'send', channelId, clientId: `m${i}`, content: String(i) }),
      ),
    );
    const sent = answers.flatMap((answer) => (answer.type === 'ack' ? [answer.seq ?? 0] : []));
    expect(sent).toHaveLength(4);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
    expect(answers.filter(({ type }) => type === 'error')).toHaveLength(5);
    client.close();
  });

  test('an address is held up with all of its network, before anybody is looked up', async () => {
    await using world = await openTestHub(kind, {
      env: { HUB_LIMITS: 'address=3', HUB_TRUST_PROXY: 'loopback' },
      limitsWithinMs,
    });
    const ask = async (address: string) =>
      outcomeOf(
        await world.ask('GET', '/me', { headers: { 'x-forwarded-for': address }, token: 'nonsense' }),
      );
    expect([await ask('2001:db8::1'), await ask('2001:db8::2'), await ask('2001:db8:0:0:1::')]).toEqual(
      Array.from({ length: 3 }, () => 'UNAUTHENTICATED'),
    );
    expect(await ask('2001:db8::3')).toBe('RATE_LIMITED');
    const lookedUp = vi.spyOn(world.hub.access, 'authenticate');
    expect(await ask('2001:db8::4')).toBe('RATE_LIMITED');
    expect(lookedUp).not.toHaveBeenCalled();
    expect(await ask('2001:db8:0:1::')).toBe('UNAUTHENTICATED');
    expect(await ask('::ffff:192.0.2.1')).toBe('UNAUTHENTICATED');
  });

  test('whoever asks for a socket is told apart by network, over IPv6 too', async () => {
    await using world = await openTestHub(kind, {
      env: { HUB_LIMITS: 'address.connect=1', HUB_TRUST_PROXY: 'loopback' },
      limitsWithinMs,
    });
    const url = (await world.hub.listen()).replace(/^http/, 'ws');
    const ask = (address: string) =>
      new Promise((resolve) => {
        const ws = new WebSocket(`${url}/api/v1/socket`, { headers: { 'x-forwarded-for': address } });
        ws.once('open', () => resolve('open'));
        ws.once('error', ({ message }) => resolve(message));
        ws.once('open', () => ws.terminate());
      });
    expect([await ask('2001:db8:0:1::1'), await ask('2001:db8:0:2::1')]).toEqual(['open', 'open']);
    expect(await ask('2001:db8:0:1::2')).toContain('429');
  });

  test('who guesses from many addresses is held up at a handle, and nobody locks another out from one', async () => {
    await using world = await openTestHub(kind, {
      env: { HUB_LIMITS: 'sign-in=2,sign-in.handle=5', HUB_TRUST_PROXY: 'loopback' },
      limitsWithinMs,
    });
    const hash = await hashPassword('correct horse battery');
    const { id } = await world.user('ann');
    await world.tables().updateTable('users').set({ password: hash }).where('id', '=', id).execute();
    const tryIt = async (address: string, password: string) =>
      outcomeOf(
        await world.ask('POST', '/session', {
          headers: { 'x-forwarded-for': address },
          body: { handle: 'ann', password },
        }),
      );
    const wrong = [
      await tryIt('192.0.2.1', 'no'),
      await tryIt('192.0.2.1', 'no'),
      await tryIt('192.0.2.1', 'no'),
    ];
    expect(wrong).toEqual(['WRONG_CREDENTIALS', 'WRONG_CREDENTIALS', 'RATE_LIMITED']);
    expect(await tryIt('192.0.2.2', 'correct horse battery')).toBe(201);
    // Who came in has no slips of the finger behind them.
    expect([await tryIt('192.0.2.2', 'no'), await tryIt('192.0.2.2', 'no')]).toEqual([
      'WRONG_CREDENTIALS',
      'WRONG_CREDENTIALS',
    ]);
    expect(await tryIt('192.0.2.3', 'no')).toBe('RATE_LIMITED');
  });
});

test('what was done on one node counts on all', patience, async () => {
  await using world = await openTestHub('postgres', limited('message=4'));
  const other = await world.another();
  const ann = await world.user('ann');
  const channelId = await channelOf(world, ann);
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, i) => send(i % 2 === 0 ? world.hub : other, ann, channelId, `m${i}`)),
  );
  expect(all.map(outcomeOf).filter((outcome) => outcome === 201)).toHaveLength(4);
  expect(all.map(outcomeOf).filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(8);
});

test('without Redis people go on talking, doors stay watched, and health says so', patience, async () => {
  await using redis = await startRedis();
  await using world = await openTestHub('postgres', {
    env: { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, HUB_LIMITS: 'message=2,sign-in=2' },
  });
  const ann = await world.user('ann');
  const channelId = await channelOf(world, ann);
  expect(outcomeOf(await send(world.hub, ann, channelId, 'before'))).toBe(201);
  const { metrics } = world.hub;
  await until(() => /^parley_nodes 1$/m.test(metrics.text()), { what: 'it knows that it is the only one' });
  await redis.pause();
  for (let i = 0; i < 8; i += 1) expect(outcomeOf(await send(world.hub, ann, channelId, `m${i}`))).toBe(201);
  const guess = async () =>
    outcomeOf(await world.ask('POST', '/session', { body: { handle: 'ann', password: 'no' } }));
  expect([await guess(), await guess(), await guess()]).toEqual([
    'WRONG_CREDENTIALS',
    'WRONG_CREDENTIALS',
    'RATE_LIMITED',
  ]);
  expect((await world.hub.parley.health()).checks?.['limits']?.status).toBe('down');
  const { away } = world.hub.limits.figures();
  expect(away).toBeGreaterThan(0);
  await redis.resume();
  await until(
    async () => outcomeOf(await send(world.hub, ann, channelId, crypto.randomUUID())) === 'RATE_LIMITED',
    {
      what: 'all nodes count together again',
      deadline: 30_000,
    },
  );
});
