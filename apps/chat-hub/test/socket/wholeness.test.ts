import { newSeed, Ledger, startPostgres, startRedis, until, seededRandom } from '@parley/services';
import { describe, expect, test } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { faultyBus } from '../support/faulty-bus.ts';
import { LiveWorld, type TestNode, type TestUser } from '../support/live-world.ts';

/** Notes what a client is given of a channel, from where it began. */
function watch(
  ledger: Ledger,
  name: string,
  client: TestClient,
  channelId: string,
  start: number,
  epoch: string,
): void {
  const book = ledger.open(name, channelId, { epoch, offset: start });
  const note = (frame: TestClient['frames'][number]): void => {
    if (frame.type !== 'event' || frame.channelId !== channelId) return;
    if (frame.seq === undefined || frame.seq <= start) return;
    book.message(`${frame.seq}`, { epoch: frame.epoch ?? '', offset: frame.seq });
  };
  client.frames.forEach(note);
  client.onFrame(note);
}

interface Traffic {
  readonly world: LiveWorld;
  readonly channelId: string;
  readonly ledger: Ledger;
  readonly users: readonly TestUser[];
}

async function setUp(world: LiveWorld, receivers: number): Promise<Traffic> {
  const users = await Promise.all(Array.from({ length: receivers }, (_, i) => world.user(`u${i}`)));
  const channelId = await world.node.chat.create(
    'private',
    users.map(({ id }) => id),
  );
  const ledger = new Ledger();
  for (const [i, user] of users.entries()) {
    const node = world.nodes[i % world.nodes.length] ?? world.node;
    const client = await node.connect(user.token);
    const start = await client.live(channelId);
    watch(ledger, `receiver ${i}`, client, channelId, start, world.node.epoch.current);
  }
  return { world, channelId, ledger, users };
}

async function say(
  { channelId, ledger, users, world }: Traffic,
  node: TestNode,
  i: number,
  quiet?: 'quiet',
): Promise<void> {
  const { seq } = await node.chat.say(channelId, users[0]?.id ?? '', `text ${i}`, quiet);
  ledger.acknowledge(channelId, `${seq}`, { epoch: world.node.epoch.current, offset: seq });
}

const arrived = (ledger: Ledger): Promise<unknown> =>
  until(() => ledger.missing === 0, { what: 'everything arrived', deadline: 30_000 });

describe('nothing is lost, doubled or out of order', () => {
  test('on a bus that drops, repeats and reorders at random', { timeout: 60_000 }, async () => {
    const seed = newSeed();
    const bus = faultyBus(seed);
    await using world = await LiveWorld.open({ nodes: 2, wrapBus: bus.wrap });
    const traffic = await setUp(world, 6);
    const random = seededRandom(seed + 1);
    for (let i = 0; i < 150; i += 1) {
      const node = world.nodes[i % 2] ?? world.node;
      // Several at once are heard of in any order.
      await Promise.all(
        Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => say(traffic, node, i)),
      );
    }
    await arrived(traffic.ledger);
    expect(traffic.ledger.problems(), `seed ${seed}`).toEqual([]);
    const { dropped, repeated, late } = bus.faults();
    expect(Math.min(dropped, repeated, late)).toBeGreaterThan(0);
  });

  test('when a node dies before it has told anybody what it committed', { timeout: 60_000 }, async () => {
    await using world = await LiveWorld.open({ nodes: 2 });
    const traffic = await setUp(world, 4);
    for (let i = 0; i < 10; i += 1) await say(traffic, world.node, i, i % 3 === 1 ? undefined : 'quiet');
    await arrived(traffic.ledger);
    expect(traffic.ledger.problems()).toEqual([]);
  });

  test.each(['dead', 'hung'])(
    'while the bus is %s: what is said arrives within two seconds',
    { timeout: 90_000 },
    async (state) => {
      await using redis = await startRedis();
      await using world = await LiveWorld.open({
        nodes: 2,
        backend: 'redis',
        env: { REDIS_URL: redis.url },
      });
      const traffic = await setUp(world, 4);
      await say(traffic, world.node, 0);
      await arrived(traffic.ledger);
      await (state === 'dead' ? redis.kill() : redis.pause());
      const late: number[] = [];
      for (let i = 1; i <= 9; i += 1) {
        await say(traffic, world.nodes[i % 2] ?? world.node, i);
        const from = performance.now();
        await arrived(traffic.ledger);
        late.push(performance.now() - from);
      }
      // The median: this machine may be busy with other things.
      expect(late.toSorted((a, b) => a - b)[4]).toBeLessThan(2_000);
      await (state === 'dead' ? redis.restart({ data: 'wipe' }) : redis.resume());
      await until(() => world.nodes.every(({ sockets }) => sockets.figures().steady), {
        what: 'it is back',
      });
      for (let i = 0; i < 20; i += 1) await say(traffic, world.nodes[i % 2] ?? world.node, i);
      await arrived(traffic.ledger);
      expect(traffic.ledger.problems()).toEqual([]);
    },
  );

  test('when the database dies in the middle and comes back', { timeout: 120_000 }, async () => {
    await using postgres = await startPostgres();
    await using world = await LiveWorld.open({ nodes: 2, env: { DATABASE_URL: postgres.url } });
    const traffic = await setUp(world, 4);
    const { channelId, ledger, users } = traffic;
    const sender = await world.node.connect(users[0]?.token ?? '');
    await sender.live(channelId);
    const refusals = new Set<string>();
    const send = async (i: number): Promise<void> => {
      for (;;) {
        const answer = await sender.ask({ type: 'send', channelId, clientId: `m${i}`, content: `text ${i}` });
        if (answer.type === 'ack') {
          const { seq = 0 } = answer;
          return ledger.acknowledge(channelId, `${seq}`, { epoch: world.node.epoch.current, offset: seq });
        }
        refusals.add(answer.error.code);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    for (let i = 0; i < 10; i += 1) await send(i);
    await postgres.kill();
    const during = send(10);
    await until(() => refusals.size > 0, { what: 'it is refused' });
    await postgres.restart({ data: 'keep' });
    await during;
    for (let i = 11; i < 20; i += 1) await send(i);
    await arrived(ledger);
    expect(ledger.problems()).toEqual([]);
    expect([...refusals].filter((code) => code !== 'UNAVAILABLE' && code !== 'TIMEOUT')).toEqual([]);
    sender.close();
  });

  test('for memberships either: who comes and goes while nobody is told', { timeout: 60_000 }, async () => {
    const bus = faultyBus(1);
    bus.away = true;
    await using world = await LiveWorld.open({ nodes: 2, wrapBus: bus.wrap });
    const [here, there] = world.nodes;
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await here?.chat.create('private', [ada.id]);
    const bobs = await there?.connect(bob.token);
    if (here === undefined || channelId === undefined || bobs === undefined) throw new Error('no nodes');
    await bobs.first('welcome');
    await here.chat.join(channelId, bob.id);
    const { seq } = await here.chat.say(channelId, ada.id, 'there he is');
    // Nobody told of it: what is there for bob begins with that he came.
    await bobs.has(channelId, seq);
    const said = await here.chat.say(channelId, ada.id, 'hello');
    await bobs.has(channelId, said.seq);
    const left = await here.chat.kick(channelId, bob.id);
    const secret = await here.chat.say(channelId, ada.id, 'a secret');
    await bobs.has(channelId, left);
    expect(secret.seq).toBe(left + 1);
    expect(bobs.seqs(channelId)).toEqual([seq - 1, seq, said.seq, left]);
    expect(await bobs.ask({ type: 'subscribe', channelId })).toMatchObject({ type: 'error' });
    bobs.close();
  });
});
