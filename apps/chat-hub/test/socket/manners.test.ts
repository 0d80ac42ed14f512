import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { numbers, TestClient } from '../support/client.ts';
import { LiveWorld } from '../support/live-world.ts';

let world: LiveWorld;
beforeAll(async () => {
  world = await LiveWorld.open({ backend: 'embedded' });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const silent = async (): Promise<TestClient> =>
  TestClient.open(world.node.url, { token: undefined, silent: true });

describe('what is no frame', () => {
  test.each<[string, string | Buffer, number]>([
    ['text that is no JSON', 'hello', 4_400],
    ['JSON that is no object', '[1]', 4_400],
    ['an object without a type', '{}', 4_400],
    ['bytes', Buffer.from('{"type":"ping"}'), 4_400],
    ['a frame before hello', '{"type":"ping"}', 4_408],
    ['a hello of another version', '{"type":"hello","version":2,"subscribe":"joined"}', 4_409],
    ['a hello with an unknown field', '{"type":"hello","version":1,"subscribe":"joined","x":1}', 4_400],
    ['a hello without credentials', '{"type":"hello","version":1,"subscribe":"joined"}', 4_401],
    ['a hello with a wrong token', '{"type":"hello","version":1,"subscribe":"joined","token":"x"}', 4_401],
    ['a message that is too large', ' '.repeat(131_073), 1_009],
    ['too many frames in one message', '{}\n'.repeat(300), 4_413],
  ])('%s closes with its code', async (_, data, code) => {
    const client = await silent();
    client.ws.send(data);
    expect(await client.closed).toBe(code);
  });

  test('bytes that are no UTF-8 close the connection', async () => {
    const client = await silent();
    client.ws.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect(await client.closed).toBe(1_007);
  });

  test.each<[string, object, object]>([
    ['an unknown type', { type: 'dance', ref: 'a' }, { code: 'UNKNOWN_TYPE', field: 'type' }],
    ['a second hello', { type: 'hello', version: 1, subscribe: 'joined' }, { code: 'INVALID' }],
    ['a wrong id', { type: 'subscribe', ref: 'a', channelId: 7 }, { code: 'INVALID', field: 'channelId' }],
    ['an unknown field', { type: 'ping', ref: 'a' }, { code: 'INVALID', field: 'ref' }],
  ])('%s is answered, and the connection goes on', async (_, frame, error) => {
    const ada = await world.user('ada');
    const client = await world.node.connect(ada.token);
    await client.first('welcome');
    client.ws.send(`${JSON.stringify(frame)}\n{"type":"ping"}`);
    await client.first('pong');
    expect((await client.first('error')).error).toMatchObject(error);
    client.close();
  });

  test('keys of prototypes and deep nesting are refused by name', async () => {
    const ada = await world.user('ada');
    const client = await world.node.connect(ada.token);
    await client.first('welcome');
    client.ws.send('{"type":"ping","__proto__":{"a":1}}');
    client.ws.send(`{"type":"ping","a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`);
    await until(() => client.of('error').length === 2, { what: 'both are answered' });
    client.close();
  });

  test('a defect of the hub is told without what it was', async () => {
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const client = await world.node.connect(ada.token);
    await client.live(channelId);
    const { sendAll } = world.node.chat.messages;
    Object.assign(world.node.chat.messages, {
      sendAll: () => Promise.reject(new TypeError('secret of the hub')),
    });
    const answer = await client.ask({ type: 'send', channelId, clientId: newId(), content: 'text' });
    Object.assign(world.node.chat.messages, { sendAll });
    expect(answer).toMatchObject({ type: 'error', error: { code: 'INTERNAL', retryable: false } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    client.close();
  });
});

describe('who may connect', () => {
  test('says so in the header, in hello, or by the cookie on a page of the hub', async () => {
    const ada = await world.user('ada');
    const { host } = new URL(world.node.url);
    const session = world.session(ada);
    const ways: readonly Readonly<Record<string, string>>[] = [
      { authorization: `Bearer ${ada.token}` },
      { cookie: session, origin: `http://${host}` },
    ];
    for (const headers of ways) {
      const client = await TestClient.open(world.node.url, { token: undefined, headers });
      expect(await client.first('welcome')).toMatchObject({ userId: ada.id });
      client.close();
    }
  });

  test.each(['http://evil.example', 'null', undefined])(
    'does not come with a cookie from %s',
    async (origin) => {
      const ada = await world.user('ada');
      const headers = { cookie: world.session(ada), ...(origin !== undefined && { origin }) };
      const client = await TestClient.open(world.node.url, { token: undefined, headers });
      expect(await client.closed).toBe(4_403);
      expect(client.of('welcome')).toEqual([]);
    },
  );

  test('says hello in time', async () => {
    await using world = await LiveWorld.open({ backend: 'embedded', bounds: { helloMs: 300 } });
    const client = await TestClient.open(world.node.url, { token: undefined, silent: true });
    expect(await client.closed).toBe(4_408);
  }, 60_000);

  test('is nobody too many: of one user, and on one node', async () => {
    await using world = await LiveWorld.open({ backend: 'embedded', bounds: { perUser: 2, perNode: 3 } });
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const two = [await world.node.connect(ada.token), await world.node.connect(ada.token)];
    for (const client of two) await client.first('welcome');
    expect(await (await world.node.connect(ada.token)).closed).toBe(4_429);
    const third = await world.node.connect(bob.token);
    await third.first('welcome');
    expect(await (await world.node.connect(bob.token)).closed).toBe(1_013);
    for (const client of [...two, third]) client.close();
  }, 60_000);

  test('asks at the right address', async () => {
    const client = new TestClient(world.node.url.replace('/socket', '/other'));
    const [error] = await once(client.ws, 'error');
    expect(String(error)).toContain('404');
  });

  test('does no more than the token was made for', async () => {
    const reader = await world.user('reader', { scopes: ['read'] });
    const channelId = await world.node.chat.create('private', [reader.id]);
    const client = await world.node.connect(reader.token);
    await client.live(channelId);
    const answers = [
      await client.ask({ type: 'send', channelId, clientId: 'a', content: 'text' }),
      await client.ask({ type: 'react', channelId, messageId: newId(), emoji: '+1' }),
      await client.ask({ type: 'pin', channelId, messageId: newId() }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ error: { code: 'SCOPE_MISSING' } });
    const writer = await world.user('writer', { scopes: ['write'] });
    const other = await world.node.connect(writer.token);
    await other.first('welcome');
    expect(await other.ask({ type: 'subscribe', channelId })).toMatchObject({
      type: 'error',
      error: { code: 'SCOPE_MISSING' },
    });
    client.close();
    other.close();
  });

  test('that sends too many frames is closed', async () => {
    await using world = await LiveWorld.open({
      backend: 'embedded',
      bounds: { framesPerSecond: 10, frameBurst: 50 },
    });
    const ada = await world.user('ada');
    const client = await world.node.connect(ada.token);
    await client.first('welcome');
    for (let i = 0; i < 100; i += 1) client.send({ type: 'ping' });
    expect(await client.closed).toBe(4_429);
  }, 60_000);
});

describe('frames of one connection', () => {
  test('are done in order within a channel, and a slow one does not hold up another channel', async () => {
    const ada = await world.user('ada');
    const slow = await world.node.chat.create('private', [ada.id]);
    const quick = await world.node.chat.create('private', [ada.id]);
    const client = await world.node.connect(ada.token);
    await client.live(slow);
    await client.live(quick);
    const { sendAll } = world.node.chat.messages;
    const held = Promise.withResolvers<void>();
    Object.assign(world.node.chat.messages, {
      sendAll: async (...args: Parameters<typeof sendAll>) => {
        if (args[1] === slow && args[2][0]?.content === '0') await held.promise;
        return sendAll(...args);
      },
    });
    const start = await world.node.chat.head(slow);
    const first = Array.from({ length: 5 }, (_, i) =>
      client.ask({ type: 'send', channelId: slow, clientId: `s${i}`, content: `${i}` }),
    );
    const other = await client.ask({ type: 'send', channelId: quick, clientId: 'q', content: 'q' });
    expect(other).toMatchObject({ type: 'ack' });
    expect(client.seqs(slow)).toEqual([]);
    held.resolve();
    const seqs = (await Promise.all(first)).map((answer) => (answer.type === 'ack' ? answer.seq : undefined));
    Object.assign(world.node.chat.messages, { sendAll });
    expect(seqs).toEqual(numbers(start + 1, start + 5));
    client.close();
  });

  test('stream a message: it opens, grows for who is there, and ends with all of its text', async () => {
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const client = await world.node.connect(ada.token);
    await client.live(channelId);
    const sent = await client.ask({
      type: 'send',
      channelId,
      clientId: 's',
      content: '',
      streaming: 'open',
    });
    const messageId = sent.type === 'ack' ? (sent.messageId ?? '') : '';
    const grown = await client.ask({ type: 'append', channelId, messageId, offset: 0, text: 'some' });
    expect(grown).toMatchObject({ type: 'ack', messageId });
    const { event } = await client.first('event', (frame) => frame.event.type === 'channel.message.append');
    expect(event).toMatchObject({ messageId, offset: 0, text: 'some' });
    const end = await client.ask({ type: 'finish', channelId, messageId, content: 'some text' });
    expect(end).toMatchObject({ type: 'ack', message: { content: 'some text', streaming: 'done' } });
    client.close();
  });

  test('that are answered by a committed change say which', async () => {
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const client = await world.node.connect(ada.token);
    await client.live(channelId);
    const { id: messageId, seq } = await world.node.chat.say(channelId, ada.id, 'text');
    const done = { type: 'ack', channelId, messageId };
    const frame = { channelId, messageId };
    const ask = client.ask.bind(client);
    expect(await ask({ ...frame, type: 'react', emoji: '+1' })).toMatchObject({ ...done, seq: seq + 1 });
    const again = await ask({ ...frame, type: 'react', emoji: '+1' });
    expect(again).toMatchObject(done);
    expect(again).not.toHaveProperty('seq');
    expect(await ask({ ...frame, type: 'unreact', emoji: '+1' })).toMatchObject({ ...done, seq: seq + 2 });
    expect(await ask({ ...frame, type: 'edit', content: 'other' })).toMatchObject({
      ...done,
      message: { content: 'other', seq },
    });
    expect(await ask({ ...frame, type: 'pin' })).toMatchObject({ ...done, seq: seq + 4 });
    expect(await ask({ ...frame, type: 'unpin' })).toMatchObject({ ...done, seq: seq + 5 });
    expect(await ask({ ...frame, type: 'delete' })).toMatchObject({ ...done, seq: seq + 6 });
    expect(await ask({ type: 'read', channelId, seq })).toMatchObject({ type: 'ack', channelId });
    await client.has(channelId, seq + 6);
    expect(client.seqs(channelId)).toEqual(numbers(seq, seq + 6));
    client.close();
  });
});

describe('a connection that is only half there', () => {
  test('is closed when it does not answer', async () => {
    await using world = await LiveWorld.open({
      backend: 'embedded',
      bounds: { heartbeatMs: 5_000, helloMs: 60_000 },
    });
    const ada = await world.user('ada');
    const lively = await world.node.connect(ada.token);
    const { hostname, port } = new URL(world.node.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      'GET /api/v1/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    socket.resume();
    await once(socket, 'close');
    expect(lively.ws.readyState).toBe(lively.ws.OPEN);
    lively.close();
  }, 60_000);

  test('is closed when it was refused and stays', async () => {
    await using world = await LiveWorld.open({ backend: 'embedded' });
    const { hostname, port } = new URL(world.node.url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write('GET /elsewhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    // It never ends its own side: only what the hub no longer has tells that to whoever writes.
    await until(() => !socket.write('x') && socket.destroyed, { what: 'the hub has closed it' });
  }, 60_000);

  test('is told the heads of its channels, once for each that moved', async () => {
    await using world = await LiveWorld.open({ backend: 'embedded', bounds: { beaconMs: 500 } });
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const client = await world.node.connect(ada.token);
    await client.live(channelId);
    const { seq } = await world.node.chat.say(channelId, ada.id, 'text');
    const beacon = await client.first('heads', ({ heads }) => heads[channelId] === seq);
    expect(beacon.epoch).toBe(world.node.epoch.current);
    client.close();
  }, 60_000);
});
