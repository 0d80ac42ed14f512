import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, openWorld, type World } from '../support/world.ts';

let world: World;
let ann: Caller;
let bob: Caller;
beforeAll(async () => {
  world = await openWorld('embedded');
  [ann, bob] = [await world.user('ann'), await world.user('bob')];
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const channel = async (kind: 'public' | 'private', members: readonly Caller[] = []): Promise<string> => {
  const name = `room-${Math.random().toString(36).slice(2)}`;
  const ids = members.map(({ userId }) => userId);
  return (await world.chat.channels.create(ann, { kind, name, members: ids })).id;
};

const type = (caller: Caller, channelId: string): Promise<unknown> =>
  codeOf(world.chat.messages.mayType(caller, channelId));

test('who may post may say that they type', async () => {
  expect(await type(bob, await channel('private', [bob]))).toBe('no error');
});

test.each<[who: string, code: string, place: () => Promise<readonly [Caller, string]>]>([
  ['no member of a private channel', 'NOT_FOUND', async () => [bob, await channel('private')]],
  ['no member of a public channel', 'FORBIDDEN', async () => [bob, await channel('public')]],
  [
    'an observer of the channel',
    'FORBIDDEN',
    async () => {
      const id = await channel('private', [bob]);
      await world.chat.channels.putMember(ann, id, bob.userId, 'observer');
      return [bob, id];
    },
  ],
  [
    'an observer of the workspace',
    'FORBIDDEN',
    async () => {
      const observer = await world.user(`o${Math.random().toString(36).slice(2)}`, { role: 'observer' });
      return [observer, await channel('private', [observer])];
    },
  ],
  [
    'somebody who was removed a moment ago',
    'NOT_FOUND',
    async () => {
      const id = await channel('private', [bob]);
      await world.chat.channels.kick(ann, id, bob.userId);
      return [bob, id];
    },
  ],
  [
    'anybody in an archived channel',
    'ARCHIVED',
    async () => {
      const id = await channel('private');
      await world.chat.channels.archive(ann, id, true);
      return [as(ann), id];
    },
  ],
])('%s may not', async (_, code, place) => {
  const [caller, id] = await place();
  expect(await type(caller, id)).toBe(code);
});
