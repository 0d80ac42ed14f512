import {
  sharedPostgres,
  sharedRedis,
  sharedRedisCluster,
  skewedClockEnv,
  startRedis,
  startRedisSentinel,
  until,
} from '@parley/services';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Hub } from '../../src/compose.ts';
import { TestClient } from '../support/client.ts';
import { startHub, type HubProcess } from '../support/hub-process.ts';
import { inject, openTestHub, outcomeOf, type TestHub, type TestUser } from '../support/hub.ts';
import { settle } from '../support/workspace.ts';

const patience = { timeout: 120_000 };
const minutes = 60_000;
const onRedis = { CACHE_ADAPTER: 'redis' };

type Env = Readonly<Record<string, string>>;

async function channelOf(world: TestHub, { token }: TestUser): Promise<string> {
  const made = await world.ask('POST', '/channels', { token, body: { kind: 'public', name: 'talk' } });
  return made.json<{ id: string }>().id;
}

const send = async (hub: Hub, { token }: TestUser, channelId: string): Promise<string | number> => {
  const body = { clientId: crypto.randomUUID(), content: 'x' };
  return outcomeOf(await inject(hub, 'POST', `/api/v1/channels/${channelId}/messages`, { token, body }));
};

const socketOf = (url: string): string => `${url.replace('http', 'ws')}/api/v1/socket`;

/** Who is connected, until the test ends: then they leave, and no node waits for them. */
class Guests {
  readonly #clients: TestClient[] = [];

  add(client: TestClient): void {
    this.#clients.push(client);
  }

  [Symbol.dispose](): void {
    for (const { ws } of this.#clients) ws.close(1000);
  }
}

let addresses = 0;

/** As somebody who opens a socket sees it, each from an address of their own: welcomed, or refused with what and when to come again. */
async function knock(guests: Guests, url: string, { token }: TestUser) {
  const headers = { 'x-forwarded-for': `192.0.2.${(addresses += 1) % 250}` };
  const client = await TestClient.open(url, { token, headers, hello: { subscribe: [] } });
  guests.add(client);
  const first = await until(() => client.frames[0], { what: 'it is answered', every: 10 });
  if (first.type === 'error') return { client, ...first.error, closed: await client.closed };
  return { client, code: first.type };
}

/** What becomes of a request for a socket from this address: it is let in, or told why not. */
function outcomeAt(url: string, address: string): Promise<object> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, { headers: { 'x-forwarded-for': address } });
    ws.once('open', () => {
      ws.terminate();
      resolve({ status: 101 });
    });
    ws.once('error', reject);
    ws.once('unexpected-response', (_, response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => {
        const { code }: { readonly code?: unknown } = JSON.parse(text);
        resolve({ status: response.statusCode, code, retryAfter: response.headers['retry-after'] });
      });
    });
  });
}

const clusterEnv = async (): Promise<Env> => {
  const { urls, prefix } = await sharedRedisCluster();
  return {
    REDIS_CLUSTER_NODES: urls.map((url) => new URL(url).host).join(','),
    REDIS_KEY_PREFIX: prefix,
  };
};

const redisEnv = async (): Promise<Env> => {
  const { url, prefix } = await sharedRedis();
  return { REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
};

/** What a user may, and an address, is counted by both nodes together. Answers how many of many messages were sent. */
async function countTogether(world: TestHub, other: Hub, ann: TestUser, channelId: string): Promise<number> {
  using guests = new Guests();
  const [here, there] = [socketOf(await world.hub.listen()), socketOf(await other.listen())];
  const [one, two] = [await knock(guests, here, ann), await knock(guests, there, ann)];
  expect([one.code, two.code]).toEqual(['welcome', 'welcome']);
  expect(await knock(guests, here, ann)).toMatchObject({
    code: 'RATE_LIMITED',
    detail: expect.stringContaining('sockets.person'),
    retryAfter: expect.any(Number),
    closed: 4_429,
  });
  two.client.close();
  const again = async (): Promise<boolean> => (await knock(guests, here, ann)).code === 'welcome';
  await until(again, { what: 'there is room', every: 50 });

  const asked = [
    await outcomeAt(here, '198.51.100.1'),
    await outcomeAt(there, '198.51.100.1'),
    await outcomeAt(here, '198.51.100.1'),
    await outcomeAt(there, '198.51.100.1'),
  ];
  const refused = { status: 429, code: 'RATE_LIMITED', retryAfter: expect.stringMatching(/^[1-9]/) };
  expect(asked).toEqual([{ status: 101 }, { status: 101 }, refused, refused]);

  const sent = await Promise.all(
    Array.from({ length: 12 }, (_, i) => send(i % 2 === 0 ? world.hub : other, ann, channelId)),
  );
  return sent.filter((outcome) => outcome === 201).length;
}

/** A machine that is busy counts, too. */
const limitsWithinMs = 3_000;

const limits = {
  HUB_LIMITS: 'message=4,sockets=2,connect=60,address.connect=2,sign-in=4',
  HUB_TRUST_PROXY: 'loopback',
};

test('on Cluster two nodes count together', patience, async () => {
  const env = { ...onRedis, ...limits, ...(await clusterEnv()) };
  await using world = await openTestHub('postgres', { env, limitsWithinMs });
  const other = await world.another();
  const ann = await world.user('ann');
  expect(await countTogether(world, other, ann, await channelOf(world, ann))).toBe(4);
});

test(
  'on Redis two nodes count together; while it hangs each watches the doors for its share, and the rest is open',
  patience,
  async () => {
    await using redis = await startRedis();
    await using world = await openTestHub('postgres', {
      env: { ...onRedis, ...limits, REDIS_URL: redis.url },
      limitsWithinMs,
    });
    const nodes = [world.hub, await world.another()] as const;
    const ann = await world.user('ann');
    const channelId = await channelOf(world, ann);
    expect(await countTogether(world, nodes[1], ann, channelId)).toBe(4);
    for (const { metrics } of nodes)
      await until(() => /^parley_nodes 2$/m.test(metrics.text()), { what: 'each node knows of both' });
    expect(world.hub.metrics.text()).toContain('parley_limit_allows{limit="message.person",away="open"} 4');
    expect(world.hub.metrics.text()).toContain('parley_limit_allows{limit="sign-in",away="share"} 4');

    await redis.pause();
    const guess = async (hub: Hub): Promise<unknown> =>
      outcomeOf(await inject(hub, 'POST', '/api/v1/session', { body: { handle: 'ann', password: 'no' } }));
    for (const hub of nodes) {
      expect([await guess(hub), await guess(hub), await guess(hub)]).toEqual([
        'WRONG_CREDENTIALS',
        'WRONG_CREDENTIALS',
        'RATE_LIMITED',
      ]);
      expect(await send(hub, ann, channelId)).toBe(201);
      expect((await hub.parley.health()).checks?.['limits']?.status).toBe('down');
    }
    using guests = new Guests();
    const { host } = new URL(world.hub.server.listeningOrigin);
    const here = socketOf(`http://${host}`);
    for (let i = 0; i < 3; i += 1) expect((await knock(guests, here, ann)).code).toBe('welcome');
    await redis.resume();
  },
);

test('when a replica takes Redis over, limits hold again', patience, async () => {
  await using redis = await startRedisSentinel();
  const REDIS_SENTINELS = redis.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
  const env = { ...onRedis, REDIS_SENTINELS, REDIS_SENTINEL_NAME: redis.name, HUB_LIMITS: 'message=3' };
  await using world = await openTestHub('postgres', { env, limitsWithinMs });
  const other = await world.another();
  const ann = await world.user('ann');
  const channelId = await channelOf(world, ann);
  for (let i = 0; i < 3; i += 1) await send(world.hub, ann, channelId);
  expect(await send(other, ann, channelId)).toBe('RATE_LIMITED');
  await redis.failover({ by: 'kill' });
  // What the old one had not told the replica is forgotten: at most all of it.
  const bob = await world.user('bob');
  await world.ask('POST', `/channels/${channelId}/join`, { token: bob.token, body: {} });
  const held = async (): Promise<boolean> => {
    await send(world.hub, bob, channelId);
    return (await send(other, bob, channelId)) === 'RATE_LIMITED';
  };
  await until(held, { what: 'both count together again', deadline: 60_000, every: 200 });
  const isUp = async (): Promise<boolean> =>
    (await world.hub.parley.health()).checks?.['limits']?.status === 'up';
  await until(isUp, { what: 'the node says so', deadline: 60_000 });
});

test(
  'a node whose clock is five minutes ahead counts as the others do, also when it is killed',
  patience,
  async () => {
    const [{ url }, redis] = [await sharedPostgres(), await redisEnv()];
    const env = { DATABASE_URL: url, ...redis, HUB_LIMITS: 'message=4' };
    const started = await Promise.all([
      startHub({ env }),
      skewedClockEnv({ offsetMs: 5 * minutes }).then((skew) => startHub({ env: { ...env, ...skew } })),
    ]);
    await using node = started[0];
    await using ahead = started[1];
    const { owner, add } = await settle(node);
    const bot = await add('bot');
    const post = async (hub: HubProcess, token: string, path: string, body: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return fetch(`${hub.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    };
    const made = await post(node, owner.token, '/channels', {
      kind: 'public',
      name: 'talk',
      members: [bot.id],
    });
    const { id } = z.object({ id: z.string() }).parse(await made.json());
    const say = async (hub: HubProcess): Promise<Response> =>
      post(hub, bot.token, `/channels/${id}/messages`, { clientId: crypto.randomUUID(), content: 'x' });
    // What is done for the first time takes longest, and of limits nobody waits for it.
    for (const hub of [node, ahead])
      expect(
        (
          await post(hub, owner.token, `/channels/${id}/messages`, {
            clientId: crypto.randomUUID(),
            content: 'x',
          })
        ).status,
      ).toBe(201);
    const date = Date.parse((await say(ahead)).headers.get('date') ?? '');
    expect(date - Date.now()).toBeGreaterThan(4 * minutes);
    expect((await say(node)).status).toBe(201);
    expect((await say(ahead)).status).toBe(201);
    expect((await say(node)).status).toBe(201);
    const refused = await say(ahead);
    expect(refused.status).toBe(429);
    // By the clock of the store: one comes back in 15 s.
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(15);
    await ahead.kill();
    expect((await say(node)).status).toBe(429);
    await node.kill();
  },
);
