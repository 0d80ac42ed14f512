import type { CommandAnswer, CommandCall } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from '../support/client.ts';
import { CommandWorld } from '../support/command-world.ts';
import { hubDatabases, inject, outcomeOf } from '../support/hub.ts';

describe.each(hubDatabases)('on %s, a command of an agent', (kind) => {
  let world: CommandWorld;
  beforeAll(async () => void (world = await CommandWorld.open(kind, { answerMs: 600 })), 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  let listening: Promise<string> | undefined;
  const answer = (callId: string, body: object, by = world.bot) =>
    world.node.ask('POST', `/command-calls/${callId}/answers`, { token: by.token, body });
  const open = async (): Promise<CommandCall[]> =>
    (await world.node.ask('GET', '/command-calls', { token: world.bot.token })).json<{
      items: CommandCall[];
    }>().items;

  test('waits for it, and is answered by it and nobody else, on whichever node', async () => {
    const channelId = await world.room();
    expect(outcomeOf(await world.create(channelId, world.bot, { name: 'plan', description: 'Plans' }))).toBe(
      201,
    );
    const other = kind === 'postgres' ? await world.node.another() : world.node.hub;
    const typed = world.type(channelId, '/plan x');
    const waiting = await until(async () => (await open()).find((call) => call.channelId === channelId), {
      what: 'it is typed',
    });
    const callId = waiting?.id ?? '';
    expect(outcomeOf(await answer(callId, { content: 'mine' }, world.bob))).toBe('NOT_FOUND');
    const path = `/api/v1/command-calls/${callId}/answers`;
    const body = { content: 'planned' };
    const answered = await inject(other, 'POST', path, { token: world.bot.token, body });
    expect(answered.json<CommandAnswer>()).toMatchObject({ visibility: 'caller', content: 'planned' });
    await typed;
    expect((await world.read(callId)).json()).toMatchObject({ state: 'answered', userId: world.bob.id });
    expect((await open()).filter((call) => call.channelId === channelId)).toEqual([]);
  });

  test('is told to its connections, and the answer to those of who typed it alone', async () => {
    const channelId = await world.room();
    await world.create(channelId, world.bot, { name: 'plan' });
    const url = `${(await (listening ??= world.node.hub.listen())).replace('http', 'ws')}/api/v1/socket`;
    const [agent, typist, other] = await Promise.all(
      [world.bot, world.bob, world.ann].map(({ token }) => TestClient.open(url, { token })),
    );
    for (const client of [agent, typist, other]) await client?.live(channelId);
    const typed = world.called(channelId, '/plan x');
    const asked = await agent?.first('event', ({ event }) => event.type === 'command.call');
    expect(asked).toMatchObject({
      senderId: world.bob.id,
      channelId,
      event: { name: 'plan', text: 'x', userId: world.bob.id },
    });
    const callId = asked?.event.type === 'command.call' ? asked.event.callId : '';
    const given = (await answer(callId, { content: 'planned' })).json<CommandAnswer>();
    const heard = await typist?.first('event', ({ event }) => event.type === 'command.answer');
    expect(heard).toMatchObject({
      senderId: world.bot.id,
      event: { callId, answerId: given.id, content: 'planned' },
    });
    await answer(callId, { content: 'for all', visibility: 'channel' });
    for (const client of [agent, typist, other])
      await client?.first('event', ({ event }) => event.type === 'channel.message');
    const types = other?.of('event').map(({ event }) => event.type);
    expect(types?.filter((name) => name.startsWith('command.'))).toEqual([]);
    expect((await typed).state).toBe('answered');
    for (const client of [agent, typist, other]) client?.close();
  });

  test('is made by it again whenever it comes, and by nobody else', async () => {
    const channelId = await world.room();
    const first = (await world.create(channelId, world.bot, { name: 'plan' })).json<
      RouteReply<'createCommand'>
    >();
    const again = await world.create(channelId, world.bot, { name: 'plan', description: 'Plans' });
    expect(again.json()).toEqual({ command: { ...first.command, description: 'Plans' } });
    expect(outcomeOf(await world.create(channelId, world.bob, { name: 'mine' }))).toBe('FORBIDDEN');
    expect(outcomeOf(await world.create(channelId, world.bot, { name: 'out', url: world.target.url }))).toBe(
      'FORBIDDEN',
    );
    expect(outcomeOf(await world.create(channelId, world.ann, { name: 'plan', url: world.target.url }))).toBe(
      'NAME_TAKEN',
    );
    const path = `/channels/${channelId}/commands/${first.command.id}`;
    expect(outcomeOf(await world.node.ask('DELETE', path, { token: world.bot.token }))).toBe(204);
  });

  test('is nobody’s when the agent is gone, and is not typed by who may not write', async () => {
    const channelId = await world.room();
    await world.create(channelId, world.bot, { name: 'plan' });
    await world.node.ask('PUT', `/channels/${channelId}/members/${world.bob.id}/mute`, {
      token: world.ann.token,
      body: {},
    });
    expect(outcomeOf(await world.type(channelId, '/plan'))).toBe('FORBIDDEN');
    const { id } = await world.called(channelId, '/plan', world.ann);
    const isOpen = async () => (await open()).some((call) => call.id === id);
    expect(await isOpen()).toBe(true);
    await world.node.ask('DELETE', `/channels/${channelId}/members/${world.bot.id}`, {
      token: world.ann.token,
    });
    expect(await isOpen()).toBe(false);
    expect(outcomeOf(await answer(id, { content: 'x' }))).toBe('NOT_FOUND');
    expect(outcomeOf(await world.type(channelId, '/plan', world.ann))).toBe('COMMAND_UNKNOWN');
    expect(outcomeOf(await world.type(channelId, 'plan', world.ann))).toBe('INVALID');
  });

  test('is forgotten an hour after it has ended', async () => {
    const channelId = await world.room();
    await world.create(channelId, world.bot, { name: 'plan' });
    const { id } = await world.called(channelId, '/plan');
    await world.node
      .tables()
      .updateTable('command_calls')
      .set({ expires_at: 1 })
      .where('id', '=', id)
      .execute();
    expect((await world.read(id)).json()).toMatchObject({ state: 'expired' });
    await world.node.hub.commands.calls.sweep();
    expect(outcomeOf(await world.read(id))).toBe('NOT_FOUND');
  });
});
