import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.each(databases)('on %s', (kind) => {
  let world: World;
  let ann: Caller | undefined;

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe('pages', () => {
    test('lead through all of a channel in both directions, from anywhere', async () => {
      const { id: room } = await world.chat.channels.create(as(ann), { kind: 'private', name: 'pages' });
      const sent = [];
      for (let i = 0; i < 25; i += 1)
        sent.push(await world.chat.messages.send(as(ann), room, { content: `${i}` }));
      const back: string[] = [];
      for (let before: number | undefined; ;) {
        const page = await world.chat.messages.page(as(ann), room, {
          limit: 7,
          ...(before !== undefined && { before }),
        });
        back.unshift(...page.messages.map(({ content }) => content));
        before = page.messages[0]?.seq;
        if (!page.hasBefore) break;
      }
      expect(back).toEqual(sent.map(({ content }) => content));
      const on: string[] = [];
      for (let after = 0; ;) {
        const page = await world.chat.messages.page(as(ann), room, { limit: 7, after });
        on.push(...page.messages.map(({ content }) => content));
        after = page.messages.at(-1)?.seq ?? 0;
        if (!page.hasAfter) break;
      }
      expect(on).toEqual(back);
      const middle = await world.chat.messages.page(as(ann), room, { around: sent[12]?.seq ?? 0, limit: 5 });
      expect(middle.messages.map(({ content }) => content)).toEqual(['10', '11', '12', '13', '14']);
      expect([middle.hasBefore, middle.hasAfter]).toEqual([true, true]);
      expect(await codeOf(world.chat.messages.page(as(ann), room, { before: 1, after: 1 }))).toBe('INVALID');
    });

    test('that come from the cache are what the log says, also after an edit, a reaction and a deletion', async () => {
      const { messages, channels } = world.chat;
      const { id: room } = await channels.create(as(ann), { kind: 'private', name: 'cached' });
      const first = await messages.send(as(ann), room, { content: 'one' });
      const shown = async (): Promise<string> =>
        (await messages.page(as(ann), room)).messages
          .map(({ content, reactions }) => `${content}${reactions.length}`)
          .join();
      expect([await shown(), await shown()]).toEqual(['one0', 'one0']);
      await messages.edit(as(ann), first.id, 'two');
      expect([await shown(), await shown()]).toEqual(['two0', 'two0']);
      await world.another().chat.messages.react(as(ann), first.id, 'x', true);
      expect([await shown(), await shown()]).toEqual(['two1', 'two1']);
      await messages.delete(as(ann), first.id);
      expect([await shown(), await shown()]).toEqual(['0', '0']);
    });
  });
});
