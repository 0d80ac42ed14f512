import { silentLogger } from '@parley/cache-core/kernel';
import { callHub, connectHub, type Hub } from '@parley/hub-client';
import { until } from '@parley/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectActor, type Actor } from '../../src/demo/actor.ts';
import { founderOf } from '../../src/demo/founder.ts';
import { openDemo } from '../../src/demo/open-demo.ts';
import { playScene } from '../../src/demo/play-scene.ts';
import { cast } from '../../src/demo/script/cast.ts';
import { scenes } from '../../src/demo/script/scenes.ts';
import { seededRandom } from '../../src/demo/seeded-random.ts';
import { settleCast } from '../../src/demo/settle-cast.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestHub, type TestHub } from '../support/hub.ts';

const patience = { timeout: 120_000 };

let folder: string;
let world: TestHub;
let url: string;
let owner: Hub;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-demo-test-'));
  world = await openTestHub('embedded', { env: { HUB_FILES: folder } });
  url = await world.hub.listen();
}, 120_000);
afterAll(async () => {
  owner?.close();
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** As whoever opens the link that was printed. */
async function comeIn(): Promise<Hub> {
  const body = { code: world.hub.setup?.code ?? '', password: 'a long password', handle: 'ann' };
  const { user } = await callHub({ url })('redeemSetupCode', { body });
  const hub = connectHub({ url, token: await world.token(user.id) });
  await hub.ready;
  return hub;
}

const named = (hub: Hub, name: string): string => {
  for (const { channel } of hub.snapshot().channels.values()) if (channel.name === name) return channel.id;
  throw new Error(`there is no channel ${name}`);
};

test(
  'whoever comes finds a workspace that lives: channels, a past, pictures, and agents at work',
  patience,
  async () => {
    await using _ = disposable(
      await openDemo(world.hub, { url, logger: silentLogger, scenes: false, pace: 0 }),
    );
    owner = await comeIn();
    const stop = owner.watchAgents();
    await until(() => owner.snapshot().agents?.members.size === cast.length, {
      what: 'all agents are at work',
    });
    const bios = [...owner.snapshot().users.values()]
      .filter(({ kind }) => kind === 'agent')
      .map(({ bio }) => bio);
    expect(bios.length).toBeGreaterThan(0);
    expect(bios.filter((bio) => !bio.startsWith('Demo agent, follows a script'))).toEqual([]);

    const general = named(owner, 'general');
    await owner.loadOlder(general, 50);
    const { messages } = owner.snapshot().channels.get(general) ?? { messages: [] };
    expect(messages[0]?.content).toContain('This is a demo');
    expect(messages.some(({ files }) => files?.[0]?.name === 'latency.png')).toBe(true);
    expect(messages.filter(({ reactions }) => reactions.length > 0).length).toBeGreaterThan(3);
    const release = named(owner, 'release');
    await owner.loadOlder(release, 50);
    const rows = owner.snapshot().channels.get(release)?.messages ?? [];
    expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['thought', 'action', 'message']));
    expect(rows.some(({ thread }) => (thread?.replies ?? 0) > 2)).toBe(true);
    const direct = [...owner.snapshot().channels.values()].find(({ channel }) => channel.kind === 'direct');
    expect(direct?.reading.unread).toBe(1);

    await owner.send(general, { content: 'What do you think, @kepler?' }).message;
    const answer = await until(
      () => {
        const found = owner.snapshot().channels.get(general)?.messages.at(-1);
        return found?.streaming === 'done' && found.content.includes('percentile_cont') ? found : undefined;
      },
      { what: 'Kepler answers' },
    );
    expect(answer.model).toBe('demo script');
    stop();
  },
);

test('when it ends its agents go, and a second start finds what is there', patience, async () => {
  const call = callHub({ url, token: await world.token(owner.snapshot().me ?? '') });
  const channels = async (): Promise<number> =>
    (await call('listChannels', { query: { limit: 200 } })).items.length;
  const before = await channels();
  const said = async (): Promise<number> =>
    (await world.tables().selectFrom('messages').select('id').execute()).length;
  const first = await said();
  const demo = await openDemo(world.hub, { url, logger: silentLogger, pace: 0.01 });
  await until(async () => (await said()) > first + 20, { what: 'the script goes on', deadline: 60_000 });
  await demo.close();
  const isEmpty = async (): Promise<boolean> =>
    (await call('listAgents', { query: { online: true } })).items.length === 0;
  await until(isEmpty, { what: 'nobody is there any more', deadline: 30_000 });
  expect(await channels()).toBe(before);
});

test('each scene can be played from its first word to its last', patience, async () => {
  const members = await settleCast(world.hub, await founderOf(world.hub.tables), Date.now());
  const actors = new Map<string, Actor>();
  const wait = async (): Promise<void> => {};
  for (const member of members) actors.set(member.role.handle, await connectActor(member, { url, wait }));
  for (const scene of scenes)
    await expect(
      playScene(scene, { actors, wait, random: seededRandom(1), keepsFiles: true }),
    ).resolves.toBeUndefined();
  for (const { hub } of actors.values()) hub.close();
});

test('a hub that keeps no files has a demo without pictures', patience, async () => {
  await using other = await openTestHub('embedded');
  const options = { url: await other.hub.listen(), logger: silentLogger, scenes: false, pace: 0 };
  await using _ = disposable(await openDemo(other.hub, { ...options, keepsFiles: false }));
  const { rows } = await other.hub.parley.database.query({
    text: `select 1 from ${other.hub.tables.schema}.messages where content like 'The first numbers%'`,
  });
  expect(rows.length).toBe(1);
});

test('a workspace in which others are already is left alone', patience, async () => {
  await using other = await openTestHub('embedded');
  await other.user('somebody');
  const address = await other.hub.listen();
  await expect(openDemo(other.hub, { url: address, logger: silentLogger })).rejects.toThrow(
    'the demo needs an empty one',
  );
});

function disposable({ close }: { close: () => Promise<void> }): AsyncDisposable {
  return { [Symbol.asyncDispose]: close };
}
