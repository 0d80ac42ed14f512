import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { numbers, type TestClient } from '../support/client.ts';
import { LiveWorld, type TestUser } from '../support/live-world.ts';

let world: LiveWorld;
beforeAll(async () => {
  world = await LiveWorld.open({ backend: 'embedded' });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

interface Room {
  readonly ada: TestUser;
  readonly channelId: string;
  readonly client: TestClient;
  /** The number of the log when it is opened. */
  readonly start: number;
}

async function room(): Promise<Room> {
  const ada = await world.user('ada');
  const channelId = await world.node.chat.create('private', [ada.id]);
  const client = await world.node.connect(ada.token);
  return { ada, channelId, client, start: await client.live(channelId) };
}

/** How many entries each commit had, from now on. */
function commitsOf(channelId: string): number[] {
  const { feed } = world.node;
  const { committed } = feed;
  const sizes: number[] = [];
  Object.assign(feed, {
    committed(...args: Parameters<typeof committed>) {
      if (args[0] === channelId) sizes.push(args[1].length);
      committed(...args);
    },
  });
  return sizes;
}

const answersIn = ({ frames }: TestClient): string[] =>
  frames.flatMap((frame) =>
    (frame.type === 'ack' || frame.type === 'error') && frame.ref !== undefined ? [frame.ref] : [],
  );

test('what one socket sends at once is committed together, and answered in order', async () => {
  const { channelId, client, start } = await room();
  const commits = commitsOf(channelId);
  const refs = numbers(1, 40).map((i) => `r${i}`);
  // In several WebSocket messages, as clients send.
  for (const ref of refs) client.send({ type: 'send', ref, channelId, clientId: ref, content: ref });
  await client.has(channelId, start + 40);
  await client.first('ack', ({ ref }) => ref === 'r40');
  expect(answersIn(client)).toEqual(refs);
  expect(client.of('ack').map(({ seq }) => seq)).toEqual(numbers(start + 1, start + 40));
  expect(client.of('ack').map(({ message }) => message?.content)).toEqual(refs);
  expect(commits.reduce((sum, size) => sum + size, 0)).toBe(40);
  expect(commits.length).toBeLessThan(10);
  client.close();
});

test('one that is refused is told in its turn, and holds up none of the others', async () => {
  const { channelId, client, start } = await room();
  const refs = numbers(1, 9).map((i) => `r${i}`);
  for (const ref of refs) {
    const replyTo = ref === 'r5' ? { replyTo: newId() } : {};
    client.send({ type: 'send', ref, channelId, clientId: ref, content: ref, ...replyTo });
  }
  await client.first('ack', ({ ref }) => ref === 'r9');
  expect(answersIn(client)).toEqual(refs);
  expect(client.of('error')).toMatchObject([{ ref: 'r5', error: { code: 'NOT_FOUND', field: 'replyTo' } }]);
  expect(client.of('ack').map(({ seq }) => seq)).toEqual(numbers(start + 1, start + 8));
  client.close();
});

test('what is sent twice is there once, also within one commit', async () => {
  const { channelId, client, start } = await room();
  for (const ref of ['a', 'b', 'c']) {
    client.send({ type: 'send', ref, channelId, clientId: ref === 'c' ? 'a' : ref, content: ref });
  }
  await client.first('ack', ({ ref }) => ref === 'c');
  expect(client.of('ack').map(({ ref, seq, message }) => [ref, seq, message?.content])).toEqual([
    ['a', start + 1, 'a'],
    ['b', start + 2, 'b'],
    ['c', start + 1, 'a'],
  ]);
  client.close();
});

test('other work of the channel keeps its place among them', async () => {
  const { ada, channelId, client } = await room();
  const { id: messageId } = await world.node.chat.say(channelId, ada.id, 'text');
  const send = (ref: string): void =>
    client.send({ type: 'send', ref, channelId, clientId: ref, content: ref });
  send('1');
  send('2');
  client.send({ type: 'react', ref: '3', channelId, messageId, emoji: '+1' });
  send('4');
  send('5');
  await client.first('ack', ({ ref }) => ref === '5');
  expect(answersIn(client)).toEqual(['1', '2', '3', '4', '5']);
  const seqs = client.of('ack').map(({ seq }) => seq ?? 0);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  expect(new Set(seqs).size).toBe(5);
  client.close();
});

test('they keep their order while the channel changes under them', async () => {
  const { channelId, client } = await room();
  const contents = numbers(1, 300).map((i) => `m${i}`);
  const changes = numbers(1, 12).map(async () => {
    const { id } = await world.user('guest');
    await world.node.chat.join(channelId, id);
  });
  for (const content of contents) {
    client.send({ type: 'send', ref: content, channelId, clientId: content, content });
    if (content.endsWith('0')) await new Promise(setImmediate);
  }
  await Promise.all(changes);
  await client.first('ack', ({ ref }) => ref === contents.at(-1));
  expect(client.of('error')).toEqual([]);
  const told = client
    .events(channelId)
    .flatMap(({ event }) => (event.type === 'channel.message' ? [event.message.content] : []));
  expect(told).toEqual(contents);
  expect(answersIn(client)).toEqual(contents);
  client.close();
}, 60_000);

test('frames are counted: by what they are, by bytes, and what was refused', async () => {
  await using world = await LiveWorld.open({ backend: 'embedded' });
  const ada = await world.user('ada');
  const channelId = await world.node.chat.create('private', [ada.id]);
  const client = await world.node.connect(ada.token);
  await client.live(channelId);
  for (const ref of ['a', 'b']) client.send({ type: 'send', ref, channelId, clientId: ref, content: ref });
  await client.first('ack', ({ ref }) => ref === 'b');
  client.ws.send('{"type":"dance"}\n{"type":"ping"}');
  await client.first('pong');
  const { frames } = world.node.sockets;
  const counted = new Map(
    [frames.frames()].flat().flatMap((one) => {
      if (typeof one === 'number') return [];
      const [{ direction, type }, count] = one;
      return [[`${direction} ${type}`, count]] as const;
    }),
  );
  expect(Object.fromEntries(counted)).toEqual({
    'in hello': 1,
    'in send': 2,
    'in ping': 1,
    'out welcome': 1,
    'out caught_up': 1,
    'out ack': 2,
    'out error': 1,
    'out pong': 1,
    'out event': 2,
  });
  expect(frames.refusals()).toEqual([[{ code: 'UNKNOWN_TYPE' }, 1]]);
  const bytes = [frames.bytes()].flat().map((one) => (typeof one === 'number' ? one : one[1]));
  const heard = client.frames.map((frame) => JSON.stringify(frame).length).reduce((sum, one) => sum + one, 0);
  expect(bytes[0]).toBeGreaterThan(100);
  // Line feeds between frames of one message are the difference.
  expect(bytes[1]).toBeGreaterThanOrEqual(heard);
  expect(bytes[1]).toBeLessThan(heard + 50);
  client.close();
}, 60_000);
