import { checkSent, clientFrameSchemas, limits } from '@parley/hub-protocol';
import { clientFrameExamples } from '@parley/hub-protocol/openapi';
import { routes } from '@parley/hub-protocol/rest';
import { parseSearch } from '@parley/hub-protocol/search';
import { describe, expect, it } from 'vitest';
import { findUnsafe } from '../src/safe-json.ts';
import { channelId, idOf, nested, refusal } from './support.ts';

type Try = (size: number) => unknown;

const { hello, send, append, finish, react, listen } = clientFrameExamples;
const text = (size: number): string => 'x'.repeat(size);
const many = <T>(size: number, make: (index: number) => T): T[] =>
  Array.from({ length: size }, (_, index) => make(index));
const user = { kind: 'agent', handle: 'bot', displayName: 'Bot' };
const channel = { kind: 'public', name: 'general' };
const message = { clientId: 'c', content: '' };
const collaboration = { sessionId: 's', name: 'step', data: {} };

/** What goes to the limit with each size, and is refused above it. */
const atMost: Readonly<Record<string, Try>> = {
  content: (size) => checkSent(clientFrameSchemas.send, { ...send, content: text(size) }),
  append: (size) => checkSent(clientFrameSchemas.append, { ...append, text: text(size) }),
  // Two quotes and six bytes for each control character.
  contentBytes: (size) =>
    checkSent(clientFrameSchemas.finish, {
      ...finish,
      content: `${'\u0001'.repeat(Math.floor((size - 2) / 6))}${text((size - 2) % 6)}`,
    }),
  depth: (size) => {
    if (findUnsafe(nested(size), limits.depth)) checkSent(clientFrameSchemas.ping, nested(size));
  },
  dataDepth: (size) => checkSent(routes.postCollaboration.body, { ...collaboration, data: nested(size) }),
  dataBytes: (size) =>
    checkSent(routes.postCollaboration.body, {
      ...collaboration,
      data: { a: text(size - '{"a":""}'.length) },
    }),
  channelName: (size) => checkSent(routes.createChannel.body, { ...channel, name: text(size) }),
  topic: (size) => checkSent(routes.createChannel.body, { ...channel, topic: text(size) }),
  description: (size) => checkSent(routes.createChannel.body, { ...channel, description: text(size) }),
  handle: (size) => checkSent(routes.createUser.body, { ...user, handle: text(size) }),
  displayName: (size) => checkSent(routes.createUser.body, { ...user, displayName: text(size) }),
  bio: (size) => checkSent(routes.updateMe.body, { bio: text(size) }),
  avatar: (size) => checkSent(routes.updateMe.body, { avatar: `https://${text(size - 8)}` }),
  model: (size) => checkSent(routes.updateMe.body, { model: text(size) }),
  capabilities: (size) => checkSent(routes.updateMe.body, { capabilities: many(size, String) }),
  capability: (size) => checkSent(routes.updateMe.body, { capabilities: [text(size)] }),
  password: (size) => checkSent(routes.changePassword.body, { current: 'x', next: text(size) }),
  secret: (size) => checkSent(routes.redeemSetupCode.body, { code: text(size) }),
  emoji: (size) => checkSent(clientFrameSchemas.react, { ...react, emoji: text(size) }),
  clientId: (size) => checkSent(clientFrameSchemas.send, { ...send, clientId: text(size) }),
  ref: (size) => checkSent(clientFrameSchemas.send, { ...send, ref: text(size) }),
  fileBytes: (size) => checkSent(routes.createFile.body, { clientId: 'c', name: 'a', size }),
  fileName: (size) => checkSent(routes.createFile.body, { clientId: 'c', name: text(size), size: 1 }),
  messageFiles: (size) => checkSent(routes.sendMessage.body, { ...message, files: many(size, idOf) }),
  groupMembers: (size) => checkSent(routes.openDirect.body, { userIds: many(size - 1, idOf) }),
  customStatus: (size) => checkSent(routes.setStatus.body, { customStatus: text(size) }),
  session: (size) => checkSent(clientFrameSchemas.hello, { ...hello, session: text(size) }),
  presences: (size) => checkSent(routes.listPresences.query, { userIds: many(size, idOf).join(',') }),
  customTopic: (size) => checkSent(clientFrameSchemas.listen, { ...listen, topic: text(size) }),
  customName: (size) => checkSent(routes.postCustom.body, { name: text(size), data: {} }),
  positions: (size) =>
    checkSent(clientFrameSchemas.hello, {
      ...hello,
      positions: Object.fromEntries(many(size, (index) => [idOf(index), index])),
    }),
  announcement: (size) => checkSent(routes.announce.body, { content: text(size) }),
  reason: (size) => checkSent(routes.freezeChannel.body, { reason: text(size) }),
  retentionDays: (days) => checkSent(routes.setRetention.body, { days }),
  slowSeconds: (seconds) => checkSent(routes.setSlowMode.body, { seconds }),
  muteSeconds: (seconds) => checkSent(routes.timeOutUser.body, { seconds }),
  webhookUrl: (size) =>
    checkSent(routes.createWebhook.body, {
      name: 'n',
      url: `https://${text(size - 8)}`,
      events: ['channel.message'],
    }),
  commandName: (size) => checkSent(routes.createCommand.body, { name: text(size) }),
  commandText: (size) => checkSent(routes.callCommand.body, { clientId: 'c', text: text(size) }),
  query: (size) => checkSent(routes.listUsers.query, { query: text(size) }),
  search: (size) => checkSent(routes.searchMessages.query, { query: text(size) }),
  searchParts: (size) => parseSearch(many(size, () => 'word').join(' ')),
  page: (size) => checkSent(routes.listUsers.query, { limit: String(size) }),
};

const atLeast: Readonly<Record<string, Try>> = {
  handleMin: (size) => checkSent(routes.createUser.body, { ...user, handle: text(size) }),
  passwordMin: (size) => checkSent(routes.redeemSetupCode.body, { code: 'x', password: text(size) }),
};

/** Counted by the hub, or by the parser of whole messages, whose own test it is. */
const elsewhere = [
  'frameBytes',
  'framesPerMessage',
  'filePart',
  'filePartMin',
  'reactionsPerAuthor',
  'threadParticipants',
  'listens',
  'watches',
  'pageDefault',
  'streams',
  'webhooks',
  'commands',
  'commandAnswers',
];

const sizeOf = new Map<string, number>(Object.entries(limits));

it('every limit is held, here or elsewhere', () => {
  expect([...Object.keys(atMost), ...Object.keys(atLeast), ...elsewhere].sort()).toEqual(
    Object.keys(limits).sort(),
  );
});

describe.each(Object.entries(atMost))('at most %s', (name, tried) => {
  const limit = sizeOf.get(name) ?? 0;
  it('is let through below and at it', () => {
    expect(() => tried(limit - 1)).not.toThrow();
    expect(() => tried(limit)).not.toThrow();
  });
  it('is refused above it', () => {
    expect(refusal(() => tried(limit + 1)).code).toBe('INVALID');
  });
});

describe.each(Object.entries(atLeast))('at least %s', (name, tried) => {
  const limit = sizeOf.get(name) ?? 0;
  it('is let through at and above it', () => {
    expect(() => tried(limit)).not.toThrow();
    expect(() => tried(limit + 1)).not.toThrow();
  });
  it('is refused below it', () => {
    expect(refusal(() => tried(limit - 1)).code).toBe('INVALID');
  });
});

it('characters are what people take for one in most scripts, not halves of them', () => {
  const rockets = (count: number) =>
    checkSent(clientFrameSchemas.send, { ...send, content: '🚀'.repeat(count) });
  expect(() => rockets(limits.content)).not.toThrow();
  expect(refusal(() => rockets(limits.content + 1)).message).toBe(
    'content must have at most 16000 characters',
  );
});

it('a hello names no more channels than it may have positions of', () => {
  const subscribe = (count: number) =>
    checkSent(clientFrameSchemas.hello, { ...hello, subscribe: many(count, idOf) });
  expect(() => subscribe(limits.positions)).not.toThrow();
  expect(refusal(() => subscribe(limits.positions + 1)).field).toBe('subscribe');
});

it('a hello with all of its positions fits into a message', () => {
  const positions = Object.fromEntries(many(limits.positions, (index) => [idOf(index), 1_000_000_000]));
  expect(JSON.stringify({ ...hello, positions }).length).toBeLessThan(limits.frameBytes);
});

it('a message of the longest kind fits into a frame, with its details', () => {
  const content = '\u0001'.repeat(Math.floor((limits.contentBytes - 2) / 6));
  const whole = { ...send, content, data: { a: text(limits.dataBytes - 8) } };
  expect(checkSent(clientFrameSchemas.send, whole)).toMatchObject({ channelId });
  expect(JSON.stringify(whole).length).toBeLessThan(limits.frameBytes);
});
