import { connectHub, type HubOptions, type Positions } from '@parley/hub-client';
import { streamMessage } from '@parley/hub-client/streams';
import { isHubError } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeHub } from '../support/fake-hub.ts';
import { listenOnLoopback } from '../support/listen.ts';
import { Saved } from '../support/saved.ts';
import { bot, general } from '../support/values.ts';

let fake: FakeHub;
let server: Awaited<ReturnType<typeof listenOnLoopback>>;
let options: HubOptions;

beforeEach(async () => {
  fake = new FakeHub();
  fake.room(general);
  server = await listenOnLoopback(fake);
  options = { url: server.url, fetch: fake.fetch, token: 'secret' };
});
afterEach(() => server.close());

it('a client connects, shows and sends', async () => {
  const shown: string[] = [];
  // #region use
  const hub = connectHub(options);
  hub.subscribe(() => {
    for (const { channel, messages, outgoing, reading } of hub.snapshot().channels.values())
      shown.push(
        `${channel.name}: ${messages.length}, ${outgoing.length} under way, ${reading.unread} unread`,
      );
  });
  await hub.ready;
  const [channelId = ''] = hub.snapshot().channels.keys();
  await hub.loadOlder(channelId);
  const { message } = hub.send(channelId, { content: 'Good morning' });
  const { seq } = await message;
  // #endregion use
  expect(seq).toBe(1);
  expect(shown.at(-1)).toBe(`${general}: 1, 0 under way, 0 unread`);
  hub.close();
});

it('an agent hears and answers', async () => {
  const room = fake.room(general);
  // #region agent
  const hub = connectHub(options);
  hub.on('channel.message', (event) => {
    const { message, channelId } = event;
    const { me = '' } = hub.snapshot();
    if (!message.mentions.users.includes(me)) return;
    const stream = streamMessage(hub, channelId, { replyTo: message.id });
    for (const word of ['On', ' my', ' way']) stream.append(word);
    stream.finish({ model: 'example-model-1' }).catch((error: unknown) => {
      if (isHubError(error, 'ARCHIVED')) hub.close();
    });
  });
  // #endregion agent
  await hub.ready;
  room.say(bot, '@ada come', { mentions: { users: [hub.snapshot().me ?? ''], roles: [], here: false } });
  await until(() => room.timeline().at(-1)?.content === 'On my way', { what: 'it answered' });
  hub.close();
});

it('somebody sees who is here, and is seen', async () => {
  fake.presence.comes(general, bot, { status: 'dnd' });
  fake.presence.types(general, bot, 'start');
  const shown: string[] = [];
  const channelId = general;
  // #region presence
  const hub = connectHub(options);
  const close = hub.watch(channelId);
  hub.subscribe(() => {
    const { rosters, users } = hub.snapshot();
    const roster = rosters.get(channelId);
    if (roster === undefined || roster.stale) return;
    const nameOf = (userId: string): string => users.get(userId)?.displayName ?? 'Somebody';
    const here = [...roster.members.values()].map(({ userId, status }) => `${nameOf(userId)} (${status})`);
    const typing = roster.typing.map(({ userId }) => nameOf(userId));
    shown.push(`${here.join(', ')}; ${typing.length > 0 ? `${typing.join(', ')} types` : 'nobody types'}`);
  });
  hub.typing(channelId, 'start');
  hub.setActivity('away');
  // #endregion presence
  await until(() => shown.at(-1) === 'bot (dnd); bot types', { what: 'it shows who is here' });
  await until(() => fake.heard.some(({ type }) => type === 'presence'), { what: 'it says that it is away' });
  close();
  hub.close();
});

it('positions are kept over a restart', async () => {
  const file = new Saved();
  const readFile = (): Positions | undefined => file.load();
  const writeFile = (positions: Positions): void => file.save(positions);
  // #region positions
  const hub = connectHub({ ...options, positions: { load: readFile, save: writeFile } });
  // #endregion positions
  await hub.ready;
  fake.room(general).say(bot, 'one');
  await until(() => file.latest?.positions[general] === 1, { what: 'the position was kept' });
  hub.close();
});
