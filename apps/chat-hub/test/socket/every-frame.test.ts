import {
  clientFrameSchemas,
  frameAccess,
  scopes,
  type ClientFrame,
  type ClientFrameType,
} from '@parley/hub-protocol';
import { clientFrameExamples } from '@parley/hub-protocol/openapi';
import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from '../support/client.ts';
import { hubDatabases, openTestHub, type TestHub, type TestUser } from '../support/hub.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const types = Object.keys(frameAccess) as ClientFrameType[];
const scoped = types.filter((type) => frameAccess[type].scope !== null);
const ofChannels = types.filter((type) => frameAccess[type].channel !== undefined);
const beyondReading = ofChannels.filter((type) => frameAccess[type].channel !== 'see');
const ofAuthors = ofChannels.filter((type) => /author|moderate/.test(frameAccess[type].channel ?? ''));

describe.each(hubDatabases)('on %s, every frame', (kind) => {
  let world: TestHub;
  let ann: TestUser;
  let socket: string;
  let channelId: string;
  let messageId: string;
  const open: TestClient[] = [];

  const api = async (method: string, path: string, body?: unknown, { token } = ann) =>
    (await world.ask(method, path, { token, ...(body !== undefined && { body }) })).json<{ id: string }>();
  const connect = async (token: string): Promise<TestClient> => {
    const client = await TestClient.open(socket, { token });
    open.push(client);
    await client.first('welcome');
    return client;
  };

  /** What a frame about somebody else's message in a private channel comes to. */
  async function outcome(client: TestClient, type: ClientFrameType): Promise<string> {
    const example: ClientFrame = clientFrameExamples[type];
    const frame = {
      ...example,
      ...('channelId' in example && { channelId }),
      ...('messageId' in example && { messageId }),
    };
    const asked = { ...frame, ref: 'r' };
    if (clientFrameSchemas[type].safeParse(asked).success) {
      const answer = await client.ask(asked);
      return answer.type === 'error' ? answer.error.code : 'ack';
    }
    const before = client.of('error').length;
    client.send(frame);
    const refused = await until(() => client.of('error')[before], { what: `${type} is refused` });
    return refused.error.code;
  }

  async function outcomes(client: TestClient, asked: readonly ClientFrameType[]) {
    const found: Record<string, string> = {};
    for (const type of asked) found[type] = await outcome(client, type);
    return found;
  }
  const all = (asked: readonly ClientFrameType[], code: string) =>
    Object.fromEntries(asked.map((type) => [type, code]));

  beforeAll(async () => {
    world = await openTestHub(kind);
    ann = await world.user('ann');
    const address = await world.hub.listen();
    socket = `${address.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/socket`;
    channelId = (await api('POST', '/channels', { kind: 'private', name: 'vault' })).id;
    const sent = await world.ask('POST', `/channels/${channelId}/messages`, {
      token: ann.token,
      body: { clientId: 'c', content: 'for members' },
    });
    messageId = sent.json<{ message: { id: string } }>().message.id;
  }, 60_000);
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  afterAll(async () => world[Symbol.asyncDispose]());

  test('is refused to who has a token without its scope', async () => {
    for (const scope of scopes) {
      const mine = scoped.filter((type) => frameAccess[type].scope === scope);
      const client = await connect(
        await world.token(ann.id, { scopes: scopes.filter((other) => other !== scope) }),
      );
      expect(await outcomes(client, mine)).toEqual(all(mine, 'SCOPE_MISSING'));
    }
  });

  test('about a channel tells a stranger that there is none', async () => {
    const client = await connect((await world.user('stranger')).token);
    expect(await outcomes(client, ofChannels)).toEqual(all(ofChannels, 'NOT_FOUND'));
  });

  test('about a channel tells the same to who was a member of it, on the connection that heard it', async () => {
    const bob = await world.user('bob');
    await api('PUT', `/channels/${channelId}/members/${bob.id}`, {});
    const client = await connect(bob.token);
    await client.live(channelId);
    const begun = { type: 'send', channelId, clientId: 'b', content: 'I think', streaming: 'open' } as const;
    const stream = await client.ask(begun);
    const text = {
      type: 'append',
      channelId,
      messageId: 'messageId' in stream ? (stream.messageId ?? '') : '',
    } as const;
    expect(await client.ask({ ...text, offset: 7, text: ' that' })).toMatchObject({ type: 'ack' });
    await world.ask('DELETE', `/channels/${channelId}/members/${bob.id}`, { token: ann.token });
    expect(await client.ask({ ...text, offset: 12, text: ' so' })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect(await outcomes(client, ofChannels)).toEqual(all(ofChannels, 'NOT_FOUND'));
  });

  test('that is more than reading is refused to an observer', async () => {
    const eye = await world.user('eye');
    await api('PUT', `/channels/${channelId}/members/${eye.id}`, { role: 'observer' });
    const client = await connect(eye.token);
    await client.live(channelId);
    expect(await outcomes(client, beyondReading)).toEqual(all(beyondReading, 'FORBIDDEN'));
  });

  test('that changes a message is refused to a member who did not write it', async () => {
    const cy = await world.user('cy');
    await api('PUT', `/channels/${channelId}/members/${cy.id}`, {});
    const client = await connect(cy.token);
    await client.live(channelId);
    expect(await outcomes(client, ofAuthors)).toEqual(all(ofAuthors, 'FORBIDDEN'));
  });
});
