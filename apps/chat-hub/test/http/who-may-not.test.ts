import { randomBytes } from 'node:crypto';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { routeList, routePath, searchOf, type RouteName } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { openFileWorld, type FileWorld } from '../support/file-world.ts';
import { inject, outcomeOf, type TestUser } from '../support/hub.ts';
import { askers, whoMayNot, type Asker } from './who-may-not.ts';

let files: FileWorld;
let people: Readonly<Record<Asker, TestUser>>;
/** What stands in paths: things that are there. */
let there: Readonly<Record<string, string>>;
let bodies: Partial<Record<RouteName, object>>;
let queries: Partial<Record<RouteName, Record<string, string>>>;

beforeAll(async () => {
  files = await openFileWorld('embedded');
  const { world, ann, bob, eve, room } = files;
  const boss = await world.user('boss', { role: 'owner' });
  const bot = await world.user('bot', { kind: 'agent', ownerId: ann.id });
  const looker = await world.user('looker');
  people = {
    stranger: eve,
    observer: looker,
    member: bob,
    admin: await world.user('chief', { role: 'admin' }),
  };
  const done = async <N extends RouteName>(
    _: N,
    by: TestUser,
    path: string,
    body: object,
    method = 'POST',
  ) => {
    const response = await world.ask(method, path, { token: by.token, body });
    if (response.statusCode >= 300) throw new Error(`${path}: ${response.body}`);
    return response.json<RouteReply<N>>();
  };
  const inRoom = `/channels/${room}`;
  await done('putMember', ann, `${inRoom}/members/${looker.id}`, { role: 'observer' }, 'PUT');
  await done('putMember', ann, `${inRoom}/members/${bot.id}`, {}, 'PUT');
  const { file, message } = await files.share(randomBytes(100));
  const coming = { content: '', clientId: 'open', streaming: 'open' };
  await done('sendMessage', ann, `${inRoom}/messages`, coming);
  const hook = await done('createIncomingWebhook', ann, `${inRoom}/incoming-webhooks`, { name: 'n' });
  const commands = await done('createCommand', bot, `${inRoom}/commands`, { name: 'plan' });
  const typed = { clientId: 'typed', text: '/plan it' };
  const call = await done('callCommand', bob, `${inRoom}/command-calls`, typed);
  const token = await done('createToken', boss, '/tokens', { name: 'n', scopes: ['read'] });
  there = {
    channelId: room,
    messageId: message.id,
    threadId: message.id,
    turnId: 'turn',
    fileId: file.id,
    userId: boss.id,
    webhookId: hook.webhook.id,
    deliveryId: newId(),
    commandId: commands.command.id,
    callId: call.id,
    tokenId: token.token.id,
    sessionId: 's'.repeat(43),
    emoji: '👍',
    offset: '0',
    source: 'elsewhere',
  };
  bodies = {
    announce: { content: 'x' },
    answerCommandCall: { content: 'x' },
    callCommand: { clientId: 'c', text: '/plan' },
    createCommand: { name: 'other' },
    createFile: { clientId: 'c', name: 'a', size: 1 },
    createIncomingWebhook: { name: 'n' },
    createToken: { name: 'n', userId: boss.id, scopes: ['read'] },
    createUser: { kind: 'person', handle: 'new', displayName: 'New', role: 'owner' },
    createWebhook: { name: 'n', url: 'https://example.org', events: ['channel.message'] },
    editMessage: { content: 'x' },
    finishFile: {},
    finishMessage: { content: 'x' },
    freezeChannel: {},
    markRead: { seq: 1 },
    muteMember: {},
    postCollaboration: { sessionId: 's', name: 'n', data: {} },
    putMember: { role: 'observer' },
    sendMessage: { clientId: 'c', content: 'x' },
    setNotifications: { level: 'muted' },
    setRetention: { days: 1 },
    setSlowMode: { seconds: 1 },
    setTyping: { state: 'start' },
    timeOutUser: { seconds: 1 },
    updateChannel: { name: 'y' },
    updateUser: { bio: 'x' },
  };
  queries = { listTokens: { userId: boss.id }, searchMessages: { query: 'in:room word' } };
}, 60_000);
afterAll(() => files[Symbol.asyncDispose]());

test('each route has its line, and there is none without its route', () => {
  expect(Object.keys(whoMayNot).toSorted()).toEqual(routeList.map(({ name }) => name).toSorted());
});

const refusedTo = (name: RouteName): Asker[] =>
  askers.filter((asker) => whoMayNot[name][asker] !== undefined);
const closed = routeList.filter(({ name }) => Object.hasOwn(whoMayNot, name) && refusedTo(name).length > 0);

test.each(closed.map((route) => [route.name, route] as const))('%s is refused', async (name, route) => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, param = '']) => param);
  // In a channel, it is ann who is spoken of.
  const of = new Map(Object.entries({ ...there, ...(route.channel && { userId: files.ann.id }) }));
  const params = names.map((param) => [param, of.get(param) ?? ''] as const);
  const url = routePath(route, Object.fromEntries(params)) + searchOf(queries[name]);
  const octets = route.body === 'application/octet-stream';
  const body = octets ? Buffer.from('{}') : bodies[name];
  const outcomes: (readonly [Asker, unknown])[] = [];
  for (const asker of refusedTo(name)) {
    const response = await inject(files.world.hub, route.method, url, {
      token: people[asker].token,
      ...(body !== undefined && { body }),
      ...(octets && { headers: { 'content-type': 'application/octet-stream' } }),
    });
    outcomes.push([asker, outcomeOf(response)]);
  }
  expect(Object.fromEntries(outcomes)).toEqual(whoMayNot[name]);
});
