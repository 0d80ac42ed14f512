import { createHmac } from 'node:crypto';
import type { Command, CommandCall, Message } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandWorld } from '../support/command-world.ts';
import { hubDatabases, inject, outcomeOf, type TestUser } from '../support/hub.ts';

describe.each(hubDatabases)('on %s, a command that is posted', (kind) => {
  let world: CommandWorld;
  beforeAll(async () => void (world = await CommandWorld.open(kind, { answerMs: 3_000 })), 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  test('is signed, says who typed what and where, and is answered for who typed it alone', async () => {
    const channelId = await world.room();
    const { secret = '' } = await world.posted(channelId);
    world.json({ content: 'On its way' });
    const call = await world.called(channelId, '/deploy  staging now\nplease');
    expect(call).toMatchObject({ state: 'answered', text: 'staging now\nplease', error: null });
    expect(call.answers).toMatchObject([{ visibility: 'caller', content: 'On its way', messageId: null }]);
    expect(await world.texts(channelId)).toEqual([]);
    const { headers, body } = world.target.calls.at(-1) ?? { headers: {}, body: '' };
    expect(JSON.parse(body)).toMatchObject({
      type: 'command',
      callId: call.id,
      channelId,
      userId: world.bob.id,
      handle: 'bob',
      name: 'deploy',
      answerTo: expect.stringMatching(/^https:\/\/hub\.example\/api\/v1\/command-answers\/[\w-]{43}$/),
    });
    const at = String(headers['webhook-timestamp']);
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${call.id}.${at}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(outcomeOf(await world.read(call.id, world.ann))).toBe('NOT_FOUND');
  });

  test('is answered in the channel in the name of its user, as Slack says it too', async () => {
    const channelId = await world.room();
    await world.posted(channelId, world.target.url, { userId: world.bot.id });
    world.json({ text: 'Deployed', response_type: 'in_channel', attachments: [] });
    const call = await world.called(channelId, '/DEPLOY');
    expect(call.answers).toMatchObject([{ visibility: 'channel', content: null }]);
    const page = await world.node.ask('GET', `/channels/${channelId}/messages`, { token: world.bob.token });
    const [message] = page.json<{ items: Message[] }>().items;
    expect(message).toMatchObject({
      id: call.answers[0]?.messageId,
      senderId: world.bot.id,
      content: 'Deployed',
      data: { command: { callId: call.id, name: 'deploy', userId: world.bob.id } },
    });
  });

  test('is a program, and answers nothing in a channel that is left to people, whoever it acts for', async () => {
    const channelId = await world.room();
    await world.posted(channelId);
    await world.node.ask('PUT', `/channels/${channelId}/freeze`, { token: world.ann.token, body: {} });
    world.json({ content: 'Deployed', visibility: 'channel' });
    expect(await world.called(channelId, '/deploy')).toMatchObject({ state: 'failed', answers: [] });
    expect(await world.texts(channelId)).toEqual([]);
  });

  test('is answered in the channel as often as its user may send', async () => {
    const channelId = await world.room();
    const busy = await world.node.user('busy', { kind: 'agent', ownerId: world.ann.id });
    const member = `/channels/${channelId}/members/${busy.id}`;
    await world.node.ask('PUT', member, { token: world.ann.token, body: {} });
    await world.posted(channelId, world.target.url, { userId: busy.id });
    world.json({ content: 'Deployed', visibility: 'channel' });
    const states: unknown[] = [];
    for (let i = 0; i < 5; i += 1) states.push((await world.called(channelId, '/deploy')).state);
    expect(states).toContain('failed');
    expect(await world.texts(channelId)).toHaveLength(states.filter((state) => state === 'answered').length);
    world.json({ content: 'Deployed' });
    expect((await world.called(channelId, '/deploy')).state).toBe('answered');
  });

  test('that takes longer is being worked on, and answered by its address a few times', async () => {
    const channelId = await world.room();
    await world.posted(channelId);
    world.target.answer = () => undefined;
    const call = await world.called(channelId, '/deploy');
    expect(call).toMatchObject({ state: 'working', answers: [] });
    expect(call.expiresAt - call.createdAt).toBe(1_800_000);
    const { answerTo } = JSON.parse(world.target.calls.at(-1)?.body ?? '{}');
    const answer = (body: object) =>
      inject(world.node.hub, 'POST', String(answerTo).replace('https://hub.example', ''), { body });
    const first = await answer({ content: 'half', clientId: 'h' });
    expect(outcomeOf(first)).toBe(201);
    expect((await answer({ content: 'half', clientId: 'h' })).json()).toEqual(first.json());
    const open = { content: 'all', visibility: 'channel', clientId: 'a' };
    expect((await answer(open)).json()).toEqual((await answer(open)).json());
    expect(await world.texts(channelId)).toEqual(['all']);
    for (let i = 0; i < 3; i += 1) expect(outcomeOf(await answer({ content: `${i}` }))).toBe(201);
    expect(outcomeOf(await answer({ content: 'too many' }))).toBe('LIMIT_REACHED');
    const seen = (await world.read(call.id)).json<CommandCall>();
    expect(seen.state).toBe('answered');
    expect(seen.answers.map(({ content }) => content)).toEqual(['half', null, '0', '1', '2']);
    await world.node.tables().updateTable('command_calls').set({ expires_at: 1 }).execute();
    expect(outcomeOf(await answer({ content: 'late' }))).toBe('NOT_FOUND');
  });

  test('fails, and says why, when its address fails', async () => {
    const channelId = await world.room();
    await world.posted(channelId);
    const fails = async () => (await world.called(channelId, '/deploy')).error;
    world.target.answer = (_, reply) => void reply.writeHead(500).end();
    expect(await fails()).toBe('it answered 500');
    world.target.answer = (_, reply) => void reply.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    expect(await fails()).toBe('it answered 302');
    world.target.answer = (_, reply) => void reply.writeHead(200).end(Buffer.alloc(300_000, 'x'));
    expect(await fails()).toBe('it answered too much');
    world.json({ content: 'x', nobodyKnowsThis: 1 });
    expect(await fails()).toContain('what is no answer');
    await world.posted(channelId, 'http://169.254.169.254/', { name: 'inside' });
    expect((await world.called(channelId, '/inside')).error).toContain('internet');
  });

  test('is posted once, however often it is sent', async () => {
    const channelId = await world.room();
    await world.posted(channelId);
    world.json({ content: 'once' });
    const before = world.target.calls.length;
    const first = await world.type(channelId, '/deploy a', world.bob, `same-${kind}`);
    expect((await world.type(channelId, '/deploy a', world.bob, `same-${kind}`)).json()).toEqual(
      first.json(),
    );
    expect(world.target.calls).toHaveLength(before + 1);
    expect(outcomeOf(await world.type(channelId, '/deploy b', world.bob, `same-${kind}`))).toBe(
      'CLIENT_ID_REUSED',
    );
  });

  test('answers no more than its user may write, and nobody who is gone', async () => {
    const channelId = await world.room();
    await world.posted(channelId, world.target.url, { userId: world.bot.id });
    world.json({ content: 'x' });
    const by = { token: world.ann.token };
    await world.node.ask('PUT', `/channels/${channelId}/members/${world.bot.id}/mute`, { ...by, body: {} });
    expect(await world.called(channelId, '/deploy')).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('muted'),
    });
    await world.node.ask('DELETE', `/channels/${channelId}/members/${world.bot.id}/mute`, by);
    world.target.answer = () => undefined;
    const { id } = await world.called(channelId, '/deploy');
    const { answerTo } = JSON.parse(world.target.calls.at(-1)?.body ?? '{}');
    await world.node.ask('DELETE', `/channels/${channelId}/members/${world.bob.id}`, by);
    const path = String(answerTo).replace('https://hub.example', '');
    const late = await inject(world.node.hub, 'POST', path, { body: { content: 'x' } });
    expect(outcomeOf(late)).toBe('NOT_FOUND');
    expect(outcomeOf(await world.read(id))).toBe('NOT_FOUND');
  });

  test('shows nothing of its secrets', async () => {
    const channelId = await world.room();
    const { command, secret = '' } = await world.posted(channelId, `${world.target.url}?key=hidden`);
    const listed = await world.node.ask('GET', `/channels/${channelId}/commands`, { token: world.bob.token });
    expect(listed.json<{ items: Command[] }>().items).toEqual([command]);
    const audit = await world.node.tables().selectFrom('audit').selectAll().execute();
    for (const text of [listed.body, JSON.stringify(audit)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('hidden');
    }
    const path = `/channels/${channelId}/commands/${command.id}`;
    expect(outcomeOf(await world.node.ask('DELETE', path, { token: world.bob.token }))).toBe('FORBIDDEN');
    expect(outcomeOf(await world.node.ask('DELETE', path, { token: world.ann.token }))).toBe(204);
    expect(outcomeOf(await world.type(channelId, '/deploy'))).toBe('COMMAND_UNKNOWN');
    const noted = await world.node
      .tables()
      .selectFrom('audit')
      .select('action')
      .where('subject_id', '=', command.id)
      .execute();
    expect(noted.map(({ action }) => action)).toEqual(['command.create', 'command.delete']);
  });

  test('is made by who manages the channel, and could do what it does', async () => {
    const channelId = await world.room();
    const made = async (by: TestUser, more: object = {}) =>
      outcomeOf(await world.create(channelId, by, { name: 'deploy', url: world.target.url, ...more }));
    expect(await made(world.bob)).toBe('FORBIDDEN');
    expect(await made(world.ann, { userId: world.bob.id })).toBe('FORBIDDEN');
    const narrow = await world.node.token(world.ann.id, { scopes: ['read', 'write'] });
    expect(await made({ ...world.ann, token: narrow })).toBe('SCOPE_MISSING');
    const brief = await world.node.token(world.ann.id, { expiresAt: Date.now() + 60_000 });
    expect(await made({ ...world.ann, token: brief })).toBe('FORBIDDEN');
    expect(await made(world.ann, { url: 'ftp://example.org' })).toBe('INVALID');
    const rows = Array.from({ length: 50 }, (_, i) => ({
      id: crypto.randomUUID(),
      channel_id: channelId,
      name: `c${i}`,
      description: '',
      user_id: world.ann.id,
      url: null,
      secret: null,
      created_by: world.ann.id,
    }));
    await world.node.tables().insertInto('commands').values(rows).execute();
    expect(await made(world.ann)).toBe('LIMIT_REACHED');
  });
});
