import { isHubError, limits } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import type { Chat } from '../../src/chat/chat.ts';
import { codeOf, databases, openWorld, type World } from '../support/world.ts';

describe.each(databases)('on %s', (kind) => {
  let world: World;
  let chat: Chat;
  /** The same at another node. */
  let elsewhere: Chat;
  let ann: Caller;
  let bob: Caller;
  let bot: Caller;
  let count = 0;
  beforeAll(async () => {
    world = await openWorld(kind);
    chat = world.chat;
    elsewhere = world.another().chat;
    ann = await world.user('ann');
    bob = await world.user('bob');
    bot = await world.user('bot', { kind: 'agent' });
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  /** A channel of ann's with everybody in it. */
  const room = async (): Promise<string> => {
    const name = `room-${(count += 1)}`;
    const members = [bob.userId, bot.userId];
    return (await chat.channels.create(ann, { kind: 'private', name, members })).id;
  };
  const say = (at: Chat, who: Caller, channelId: string, content = 'x', clientId?: string) =>
    at.messages.send(who, channelId, { content, clientId });

  describe('a channel that is frozen', () => {
    test('is for people at once, at every node', async () => {
      const channelId = await room();
      const { id } = await say(elsewhere, bot, channelId);
      const frozen = await chat.channels.freeze(ann, channelId, true, { reason: 'a loop' });
      expect(frozen).toMatchObject({ frozenAt: expect.any(Number), frozenBy: ann.userId });
      for (const at of [elsewhere, chat]) {
        expect(await codeOf(say(at, bot, channelId))).toBe('FORBIDDEN');
        expect(await codeOf(at.messages.send(bot, channelId, { content: 'x', kind: 'thought' }))).toBe(
          'FORBIDDEN',
        );
        expect(await codeOf(at.messages.edit(bot, id, 'y'))).toBe('FORBIDDEN');
        expect(await codeOf(at.messages.delete(bot, id))).toBe('FORBIDDEN');
        expect(await codeOf(at.messages.react(bot, id, 'wave', true))).toBe('FORBIDDEN');
        expect(await codeOf(at.messages.mayType(bot, channelId))).toBe('FORBIDDEN');
      }
      await expect(say(chat, bot, channelId)).rejects.toThrow('frozen');
      expect((await elsewhere.messages.page(bot, channelId)).messages.at(-1)?.id).toBe(id);
      expect(await codeOf(say(elsewhere, bob, channelId))).toBe('no error');
      expect(world.told.typesOf(channelId).at(-1)).toBe('channel.update');
      expect(await chat.channels.freeze(ann, channelId, false)).toMatchObject({
        frozenAt: null,
        frozenBy: null,
      });
      expect(await codeOf(say(elsewhere, bot, channelId))).toBe('no error');
    });

    test('names nobody when a node froze it that does not say who', async () => {
      const channelId = await room();
      await chat.channels.freeze(ann, channelId, true);
      await world.rows
        .updateTable('channels')
        .set({ frozen_at: 1, rev: sql`rev + 1` })
        .where('id', '=', channelId)
        .execute();
      expect(await chat.channels.read(ann, channelId)).toMatchObject({ frozenAt: 1, frozenBy: null });
    });

    test('lets agents write again at once, also at a node that has not heard of the end of it', async () => {
      const channelId = await room();
      await chat.channels.freeze(ann, channelId, true);
      expect(await codeOf(say(chat, bot, channelId))).toBe('FORBIDDEN');
      await world.rows
        .updateTable('channels')
        .set({ frozen_at: null, rev: sql`rev + 1` })
        .where('id', '=', channelId)
        .execute();
      expect(await codeOf(say(chat, bot, channelId))).toBe('no error');
    });

    test('has no message of an agent behind the moment in which it was frozen', async () => {
      const channelId = await room();
      const sending = Array.from({ length: 40 }, (_, i) =>
        say(elsewhere, bot, channelId, `m${i}`).catch(() => undefined),
      );
      const { seq } = await chat.channels.freeze(ann, channelId, true);
      await Promise.all(sending);
      const { messages } = await chat.messages.page(ann, channelId, { limit: 200 });
      expect(messages.filter((message) => message.seq > seq)).toEqual([]);
    });

    test('stops a message that is being streamed', async () => {
      const channelId = await room();
      const { id } = await chat.messages.send(bot, channelId, { content: '', streaming: 'open' });
      await chat.messages.append(bot, id, 0, 'on');
      await elsewhere.channels.freeze(ann, channelId, true);
      expect(await codeOf(chat.messages.append(bot, id, 2, ' and on'))).toBe('FORBIDDEN');
    });

    test('is frozen by who manages it, and never by an agent', async () => {
      const channelId = await room();
      await chat.channels.putMember(ann, channelId, bot.userId, 'admin');
      expect(await codeOf(chat.channels.freeze(bob, channelId, true))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.freeze(bot, channelId, true))).toBe('FORBIDDEN');
      const { rev } = await chat.channels.freeze(ann, channelId, true);
      expect(await codeOf(chat.channels.freeze(bot, channelId, false))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.kick(bot, channelId, bob.userId))).toBe('FORBIDDEN');
      expect((await chat.channels.freeze(ann, channelId, true)).rev).toBe(rev);
    });

    test('may be a conversation: whoever talks there ends it', async () => {
      const { id: channelId } = await chat.channels.openDirect(bob, [bot.userId]);
      await chat.channels.freeze(bob, channelId, true);
      expect(await codeOf(say(elsewhere, bot, channelId))).toBe('FORBIDDEN');
    });
  });

  describe('a member who is muted', () => {
    test('reads and writes nothing, at every node, until they may again', async () => {
      const channelId = await room();
      const { id } = await say(elsewhere, bob, channelId);
      const member = await chat.channels.mute(ann, channelId, bob.userId, { reason: 'noise' });
      expect(member.muted).toEqual({ at: expect.any(Number), until: null });
      expect(world.told.moments.at(-1)).toMatchObject({
        to: `agent:${bob.userId}`,
        event: { type: 'system.notice', code: 'moderation.muted', channelId },
      });
      for (const at of [elsewhere, chat]) {
        await expect(say(at, bob, channelId)).rejects.toThrow('muted');
        expect(await codeOf(at.messages.edit(bob, id, 'y'))).toBe('FORBIDDEN');
        expect(await codeOf(at.channels.update(bob, channelId, { topic: 'mine' }))).toBe('FORBIDDEN');
      }
      await chat.readings.mark(bob, channelId, 1);
      await chat.messages.delete(bob, id);
      expect((await chat.channels.unmute(ann, channelId, bob.userId)).muted).toBeNull();
      expect(await codeOf(say(elsewhere, bob, channelId))).toBe('no error');
    });

    test('may again by themselves when the time is over', async () => {
      const channelId = await room();
      const { muted } = await chat.channels.mute(ann, channelId, bob.userId, { seconds: 5 });
      expect((muted?.until ?? 0) - (muted?.at ?? 0)).toBe(5_000);
      expect(await codeOf(say(chat, bob, channelId))).toBe('FORBIDDEN');
      const month = { seconds: limits.muteSeconds };
      const { muted: long } = await chat.channels.mute(ann, channelId, bot.userId, month);
      expect((long?.until ?? 0) - (long?.at ?? 0)).toBe(limits.muteSeconds * 1_000);
      const speaks = async () => (await codeOf(say(elsewhere, bob, channelId))) === 'no error';
      await until(speaks, { what: 'the mute is over' });
    });

    test('is still muted after they left and came back', async () => {
      const name = `open-${(count += 1)}`;
      const { id } = await chat.channels.create(ann, { kind: 'public', name });
      await chat.channels.join(bob, id);
      await chat.channels.mute(ann, id, bob.userId, {});
      await chat.channels.leave(bob, id);
      expect((await chat.channels.join(bob, id)).muted).not.toBeNull();
      expect(await codeOf(say(elsewhere, bob, id))).toBe('FORBIDDEN');
    });

    test('stands below who mutes', async () => {
      const channelId = await room();
      const chief = await world.user(`chief-${kind}`, { role: 'admin' });
      await chat.channels.putMember(ann, channelId, bob.userId, 'admin');
      await chat.channels.putMember(ann, channelId, chief.userId, 'member');
      expect(await codeOf(chat.channels.mute(bob, channelId, ann.userId, {}))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.mute(bob, channelId, chief.userId, {}))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.mute(bob, channelId, bob.userId, {}))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.mute(bot, channelId, bob.userId, {}))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.mute(bob, channelId, bot.userId, {}))).toBe('no error');
      // A plain member here, who runs the workspace.
      expect(await codeOf(chat.channels.kick(bob, channelId, chief.userId))).toBe('FORBIDDEN');
      expect(await codeOf(chat.channels.putMember(bob, channelId, chief.userId, 'observer'))).toBe(
        'FORBIDDEN',
      );
      await chat.channels.kick(ann, channelId, chief.userId);
      await chat.channels.kick(ann, channelId, bot.userId);
      expect(await codeOf(chat.channels.mute(bob, channelId, bot.userId, {}))).toBe('NOT_FOUND');
    });
  });

  describe('a channel in slow mode', () => {
    test('takes one message of each member in its time, whichever nodes they send through', async () => {
      const channelId = await room();
      expect((await chat.channels.slow(ann, channelId, { seconds: 600 })).slowSeconds).toBe(600);
      const all = await Promise.all(
        [chat, elsewhere, chat, elsewhere].map((at) => codeOf(say(at, bob, channelId))),
      );
      expect(all.filter((outcome) => outcome === 'no error')).toHaveLength(1);
      expect(all.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(3);
      const error: unknown = await say(chat, bob, channelId).catch((failure: unknown) => failure);
      const wait = isHubError(error) ? error.retryAfter : undefined;
      expect(wait).toBeGreaterThan(500_000);
      expect(wait).toBeLessThanOrEqual(600_000);
      expect(await codeOf(say(chat, bot, channelId))).toBe('no error');
      const thought = { content: 'hm', kind: 'thought' } as const;
      expect(await codeOf(chat.messages.send(bot, channelId, thought))).toBe('no error');
      for (const at of [chat, elsewhere]) expect(await codeOf(say(at, ann, channelId))).toBe('no error');
    });

    test('answers a message that is sent again with the one that is there', async () => {
      const channelId = await room();
      const before = await say(chat, bob, channelId, 'before', `a-${channelId}`);
      await chat.channels.slow(ann, channelId, { seconds: 600 });
      const first = await say(chat, bob, channelId, 'first', `b-${channelId}`);
      expect((await say(elsewhere, bob, channelId, 'first', `b-${channelId}`)).id).toBe(first.id);
      expect((await say(elsewhere, bob, channelId, 'before', `a-${channelId}`)).id).toBe(before.id);
      expect(await codeOf(say(elsewhere, bob, channelId, 'second', `c-${channelId}`))).toBe('RATE_LIMITED');
    });

    test('gives of several that come together the first one its turn, and a refused one none', async () => {
      const channelId = await room();
      await chat.channels.slow(ann, channelId, { seconds: 600 });
      const drafts = [{ content: 'a', replyTo: ann.userId }, { content: 'b' }, { content: 'c' }];
      const sent = await chat.messages.sendAll(bob, channelId, drafts);
      expect(sent.map((one) => ('message' in one ? one.message.content : codeIn(one.error)))).toEqual([
        'NOT_FOUND',
        'b',
        'RATE_LIMITED',
      ]);
    });

    test('that goes faster forgets the old pace', async () => {
      const channelId = await room();
      await chat.channels.slow(ann, channelId, { seconds: 600 });
      await say(chat, bob, channelId);
      await chat.channels.slow(ann, channelId, { seconds: 300 });
      expect(await codeOf(say(elsewhere, bob, channelId))).toBe('no error');
      expect(await codeOf(chat.channels.slow(bob, channelId, { seconds: 0 }))).toBe('FORBIDDEN');
      await chat.channels.slow(ann, channelId, { seconds: 0 });
      for (const at of [chat, elsewhere]) expect(await codeOf(say(at, bob, channelId))).toBe('no error');
    });
  });
});

const codeIn = (error: unknown): unknown => (isHubError(error) ? error.code : error);
