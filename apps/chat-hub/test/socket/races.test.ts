import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { LiveWorld, type TestUser } from '../support/live-world.ts';

let world: LiveWorld;
beforeAll(async () => {
  world = await LiveWorld.open({ backend: 'embedded' });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

/** Lets something happen right after the next answer of the database to this question, and before anybody has it. */
function after(question: 'isMember' | 'joined', happens: () => Promise<unknown>): void {
  const { logs } = world.node.chat;
  const { isMember, joined } = logs;
  const then = async <T>(answer: Promise<T>): Promise<T> => {
    Object.assign(logs, { isMember, joined });
    const value = await answer;
    await happens();
    return value;
  };
  Object.assign(
    logs,
    question === 'isMember'
      ? { isMember: (...args: Parameters<typeof isMember>) => then(isMember(...args)) }
      : { joined: (...args: Parameters<typeof joined>) => then(joined(...args)) },
  );
}

interface Scene {
  readonly ada: TestUser;
  readonly bob: TestUser;
  readonly channelId: string;
  readonly kickAndTell: () => Promise<void>;
}

async function scene(): Promise<Scene> {
  const { chat } = world.node;
  const [ada, bob] = [await world.user('ada'), await world.user('bob')];
  const channelId = await chat.create('private', [ada.id, bob.id]);
  const kickAndTell = async (): Promise<void> => {
    await chat.kick(channelId, bob.id);
    await chat.say(channelId, ada.id, 'a secret');
  };
  return { ada, bob, channelId, kickAndTell };
}

const heard = (client: TestClient): string => JSON.stringify(client.frames);

describe('a kick in the moment between being allowed and listening', () => {
  test.each(['open', 'not open'])('is not passed by subscribe, with the room %s', async (state) => {
    const { ada, bob, channelId, kickAndTell } = await scene();
    const adas = state === 'open' ? await world.node.connect(ada.token) : undefined;
    await adas?.live(channelId);
    const bobs = await world.node.connect(bob.token, { hello: { subscribe: [] } });
    await bobs.first('welcome');
    after('isMember', kickAndTell);
    const answer = await bobs.ask({ type: 'subscribe', channelId, after: 0 });
    expect(answer).toMatchObject({ type: 'error', error: { code: 'NOT_FOUND' } });
    await world.node.chat.say(channelId, ada.id, 'a secret');
    bobs.send({ type: 'ping' });
    await bobs.first('pong');
    expect(heard(bobs)).not.toContain('a secret');
    adas?.close();
    bobs.close();
  });

  test.each(['open', 'not open'])('is not passed by hello, with the room %s', async (state) => {
    const { ada, bob, channelId, kickAndTell } = await scene();
    const adas = state === 'open' ? await world.node.connect(ada.token) : undefined;
    await adas?.live(channelId);
    after('joined', kickAndTell);
    const epoch = world.node.epoch.current;
    const bobs = await world.node.connect(bob.token, { hello: { epoch, positions: { [channelId]: 1 } } });
    await bobs.first('gone');
    await world.node.chat.say(channelId, ada.id, 'a secret');
    bobs.send({ type: 'ping' });
    await bobs.first('pong');
    expect(heard(bobs)).not.toContain('a secret');
    adas?.close();
    bobs.close();
  });
});

test('who joins in the moment of saying hello follows the channel, once', async () => {
  const { chat } = world.node;
  const [ada, bob] = [await world.user('ada'), await world.user('bob')];
  const channelId = await chat.create('private', [ada.id]);
  let joined = 0;
  after('joined', async () => {
    joined = await chat.join(channelId, bob.id);
  });
  const bobs = await world.node.connect(bob.token);
  await bobs.live(channelId);
  const { seq } = await chat.say(channelId, ada.id, 'hello');
  await bobs.has(channelId, seq);
  expect(bobs.seqs(channelId)).toEqual([joined, seq]);
  bobs.close();
});

test('old news of having joined bring nothing back', async () => {
  const { chat, feed, epoch } = world.node;
  const [ada, bob] = [await world.user('ada'), await world.user('bob')];
  const channelId = await chat.create('private', [ada.id]);
  const joined = await chat.join(channelId, bob.id);
  const { seq: last } = await chat.say(channelId, ada.id, 'hello');
  const [entry] = await chat.logs.read(channelId, joined - 1, 1);
  if (entry === undefined) throw new Error('there is no such entry');
  // As a bus tells it that is late, while the channel is about to be followed.
  after('joined', async () => {
    feed.committed(channelId, [entry]);
    feed.accessChanged(bob.id);
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  const hello = { epoch: epoch.current, positions: { [channelId]: last } };
  const bobs = await world.node.connect(bob.token, { hello });
  await bobs.live(channelId);
  feed.committed(channelId, [entry]);
  const { seq } = await chat.say(channelId, ada.id, 'and again');
  await bobs.has(channelId, seq);
  expect(bobs.seqs(channelId)).toEqual([seq]);
  expect(bobs.of('resync')).toEqual([]);
  bobs.close();
});
