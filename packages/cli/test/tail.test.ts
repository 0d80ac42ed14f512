import { checkReceived, envelopeSchema, type Envelope } from '@parley/hub-protocol';
import { routes } from '@parley/hub-protocol/rest';
import { setTimeout as sleep } from 'node:timers/promises';
import { callHub } from '@parley/hub-client';
import { freePort, until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, patience, Place, typist, type TestHub, type Typist } from './support/hub.ts';
import type { Running } from './support/run.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
let secret: string;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub(String(await freePort()));
  ann = await ownerOf(place, hub);
  secret = (await ann.run(['token', 'create', '--scope', 'read,write,react,manage'])).out.trim();
}, patience.timeout);
afterAll(() => place.close(), 60_000);

const call: ReturnType<typeof callHub> = (name, ...given) =>
  callHub({ url: hub.url, token: secret })(name, ...given);

async function channelOf(name: string): Promise<string> {
  return (await call('createChannel', { body: { kind: 'public', name } })).id;
}

let sent = 0;
async function say(channelId: string, content: string): Promise<string> {
  const body = { content, clientId: `tail-${(sent += 1)}` };
  return (await call('sendMessage', { params: { channelId }, body })).message.id;
}

function tail(...args: string[]): Running {
  return place.start(['tail', ...args], { env: ann.env });
}

/** It has begun: what comes from now on is shown, whether it is heard or read from the log. */
async function live(running: Running, channelId: string): Promise<void> {
  await say(channelId, 'live?');
  await until(() => running.out().includes('live?'), { what: 'the tail has begun' });
}

/** The numbers of the lines of JSON, each of which is an event of the protocol. */
function events(text: string): Envelope[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      expect(Object.keys(value ?? {}).toSorted()).toEqual([
        'channelId',
        'epoch',
        'event',
        'senderId',
        'seq',
        'timestamp',
      ]);
      return checkReceived(envelopeSchema, value);
    });
}

const saidIn = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^\S+ ann: (.*)$/.exec(line)?.[1] ?? []);

const last = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('what is there', patience, () => {
  it('is shown from its end, from a number on, or from the beginning', async () => {
    const id = await channelOf('past');
    for (const text of ['one', 'two', 'three']) await say(id, text);
    const once = async (...args: string[]) => (await ann.run(['tail', 'past', '--once', ...args])).out;
    expect(saidIn(await once())).toEqual(['one', 'two', 'three']);
    expect(saidIn(await once('--last', '2'))).toEqual(['two', 'three']);
    expect(await once('--last', '0')).toBe('');
    expect(saidIn(await once('--since', '2'))).toEqual(['two', 'three']);
    expect(events(await once('--since', '0', '--all', '--json')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(events(await once('--json')).map(({ event }) => event.type)).toEqual(
      Array.from({ length: 3 }, () => 'channel.message'),
    );
    const both = await ann.run(['tail', 'past', '--last', '1', '--since', '2']);
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('exclude each other')]);
  });

  it('cannot move the cursor, or pass for what somebody else said', async () => {
    const id = await channelOf('sly');
    await say(id, '\u001B[2Jhello\n2026-01-01T00:00:00.000Z ben: I agree\u202E');
    const { out } = await ann.run(['tail', 'sly', '--once']);
    expect(out).toMatch(/^\S+ ann: \\u001b\[2Jhello\n {4}2026-01-01T00:00:00.000Z ben: I agree\\u202e\n$/);
    const json = (await ann.run(['tail', 'sly', '--once', '--json'])).out;
    for (const obeyed of ['\u001B', '\u202E']) expect(json).not.toContain(obeyed);
    expect(events(json)[0]?.event).toMatchObject({ message: { content: expect.stringContaining('\u202E') } });
  });
});

describe('what comes', patience, () => {
  it('is shown: messages, edits, deletions, reactions, replies in threads', async () => {
    const id = await channelOf('busy');
    const running = tail('busy');
    await live(running, id);
    // Read from the log, a message is shown as it is by then: each step waits for the one before.
    const shown = (text: string) => until(() => running.out().includes(text), { what: `${text} is shown` });
    const messageId = await say(id, 'first');
    await shown('first');
    const at = { params: { channelId: id, messageId } };
    await call('addReaction', { params: { ...at.params, emoji: 'yes' } });
    await call('removeReaction', { params: { ...at.params, emoji: 'yes' } });
    await call('editMessage', { ...at, body: { content: 'second' } });
    await shown('second');
    const reply = { content: 'below', clientId: 'below', threadId: messageId };
    await call('sendMessage', { params: { channelId: id }, body: reply });
    await shown('below');
    await call('pinMessage', at);
    await call('deleteMessage', at);
    await shown('deleted 3');
    const lines = running
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+ /, ''));
    expect(lines).toEqual([
      'ann: live?',
      'ann: first',
      'ann reacted yes to 3',
      'ann took yes back from 3',
      'ann edited 3: second',
      'ann in the thread of 3: below',
      'ann deleted 3',
    ]);
    expect(running.err()).toBe('');
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });

  it('is shown of all that one is in, also of what one comes into later', async () => {
    const running = tail('--json');
    const id = await channelOf('early');
    await until(
      async () => {
        await say(id, 'live?');
        return running.out().includes('live?');
      },
      { what: 'the tail is live', every: 200 },
    );
    const later = await channelOf('later');
    await say(later, 'at once');
    await until(() => running.out().includes('at once'), { what: 'it is followed' });
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
    const texts = events(running.out()).flatMap(({ event }) =>
      'message' in event ? [event.message.content] : [],
    );
    expect(texts.filter((text) => text === 'at once')).toHaveLength(1);
  });

  it('ends with whoever reads it, without a word', async () => {
    const id = await channelOf('pipe');
    const running = tail('pipe');
    await live(running, id);
    running.stopReading();
    await until(
      async () => {
        await say(id, 'to nobody');
        return Promise.race([running.ended, sleep(200)]);
      },
      { what: 'it has ended', every: 1 },
    );
    expect(await running.ended).toMatchObject({ code: 0, signal: null, err: '' });
  });

  it('ends when the channel is gone', async () => {
    const id = await channelOf('brief');
    const running = tail('brief');
    await live(running, id);
    await call('deleteChannel', { params: { channelId: id } });
    expect(await running.ended).toMatchObject({ code: 5, err: expect.stringContaining('gone') });
  });

  it('ends when the token is revoked', async () => {
    const id = await channelOf('short');
    const made = await call('createToken', { body: { name: 'short', scopes: ['read'] } });
    const running = place.start(['tail', 'short'], {
      env: { PARLEY_URL: hub.url, PARLEY_TOKEN: made.secret },
    });
    await live(running, id);
    await call('revokeToken', { params: { tokenId: made.token.id } });
    expect(await running.ended).toMatchObject({ code: 3, err: expect.stringContaining('parley login') });
  });
});

describe('what an agent thinks, does and says bit by bit', patience, () => {
  it('is sent from the command line, seen as it grows, and read as one turn', async () => {
    const id = await channelOf('growing');
    const agentToken = (await ann.run(['agent', 'create', 'teller'])).out.trim();
    const teller = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: agentToken });
    await teller.json(['channel', 'join', 'growing']);
    const inTurn = ['growing', '--turn', 'run 1'];
    await teller.json(['send', ...inTurn, '--kind', 'thought', 'Let me see']);
    await teller.json(['send', ...inTurn, '--kind', 'action', '--data', '{"tool":"ls"}', 'Looked']);
    const running = tail('growing', '--all');
    await live(running, id);
    const sending = place.start(['send', ...inTurn, '--stream', '--json', '-'], {
      env: teller.env,
      held: true,
    });
    await until(
      () => {
        sending.write('word ');
        return running.out().includes('teller … word ');
      },
      { what: 'the text is seen as it grows', every: 200 },
    );
    sending.write('end\n', 'last');
    const { code, out } = await sending.ended;
    const { message } = checkReceived(routes.sendMessage.reply, JSON.parse(out));
    expect([code, message]).toMatchObject([0, { streaming: 'done', turnId: 'run 1' }]);
    expect(message.content).toMatch(/^(?:word )+end$/);
    running.kill('SIGINT');
    await running.ended;
    const turn = (await ann.run(['turn', 'growing', 'run 1'])).out;
    expect(
      turn
        .replaceAll(/^\S+ (?=teller)/gm, '')
        .trimEnd()
        .split('\n'),
    ).toEqual([
      'teller (thought): Let me see',
      'teller (action): Looked',
      '    {"tool":"ls"}',
      `teller: ${message.content}`,
    ]);
    for (const wrong of [
      ['--stream', 'text'],
      ['--data', '[]', 'text'],
    ])
      expect((await teller.run(['send', 'growing', ...wrong])).code).toBe(2);
  });
});

describe('a hub that is started again', patience, () => {
  it('is waited for, which is said, and nothing is left out or shown twice', async () => {
    const id = await channelOf('lasting');
    const running = tail('lasting', '--json', '--all');
    await live(running, id);
    for (let i = 0; i < 20; i += 1) await say(id, `before ${i}`);
    await until(() => running.out().includes('before 19'), { what: 'it is shown' });
    process.kill(hub.pid, 'SIGKILL');
    expect(await hub.process.ended).toMatchObject({ code: 1 });
    await until(() => running.err().includes('The connection is lost'), { what: 'it is said' });
    hub = await place.startHub(new URL(hub.url).port);
    for (let i = 0; i < 20; i += 1) await say(id, `after ${i}`);
    await until(() => running.out().includes('after 19'), { what: 'the rest is shown', deadline: 90_000 });
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });
    const numbers = events(running.out()).map(({ seq = 0 }) => seq);
    const [first = 0] = numbers;
    expect(numbers).toEqual(last(first, first + 40));
    expect(running.err().trimEnd().split('\n')).toEqual([
      'The connection is lost: trying again until it works.',
      'Connected again.',
    ]);
  });
});
