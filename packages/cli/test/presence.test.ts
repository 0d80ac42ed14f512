import { callHub, connectHub, type Hub } from '@parley/hub-client';
import {
  agentSchema,
  checkReceived,
  envelopeSchema,
  presenceSchema,
  type Envelope,
} from '@parley/hub-protocol';
import { routes } from '@parley/hub-protocol/rest';
import { freePort, until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, patience, Place, type TestHub, type Typist } from './support/hub.ts';
import type { Running } from './support/run.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
/** Of the agent coder, who is in `general`. */
let secret: string;
let coder: string;
let general: string;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub(String(await freePort()));
  ann = await ownerOf(place, hub);
  secret = (await ann.run(['agent', 'create', 'coder'])).out.trim();
  const call = callHub({ url: hub.url, token: secret });
  coder = (await call('readMe')).id;
  general = (await call('listChannels')).items[0]?.id ?? '';
}, patience.timeout);
afterAll(() => place.close(), 60_000);

let open: Hub[] = [];
afterEach(async () => {
  for (const client of open) client.close();
  open = [];
  const call = callHub({ url: hub.url, token: secret });
  await call('clearStatus');
  const isEmpty = async () => (await call('readRoster', { params: { channelId: general } })).users === 0;
  await until(isEmpty, { what: 'everybody went', deadline: 60_000 });
}, 90_000);

/** The agent, connected. */
async function connected(): Promise<Hub> {
  const its = connectHub({ url: hub.url, token: secret, maxPauseMs: 200 });
  open.push(its);
  await its.ready;
  return its;
}

async function shows(running: Running, text: string): Promise<void> {
  await until(() => running.out().includes(text), { what: `"${text}" is shown`, deadline: 60_000 });
}

/** Tries until the hub knows. */
async function becomes(args: readonly string[], text: string): Promise<string> {
  let out = '';
  await until(
    async () => {
      ({ out } = await ann.run(args));
      return out.includes(text);
    },
    { what: `parley ${args.join(' ')} shows "${text}"`, deadline: 60_000 },
  );
  return out;
}

const linesOf = (running: Running): string[] =>
  running
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d\S+ /, ''));

/** What follows the first line of a stream for programs. */
const eventsIn = (running: Running): Envelope['event'][] =>
  running
    .out()
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => checkReceived(envelopeSchema, JSON.parse(line)).event);

describe('who is here', patience, () => {
  it('is told of the workspace and of a channel, to people and to programs', async () => {
    expect(await ann.run(['who'])).toMatchObject({ code: 0, out: '' });
    const its = await connected();
    expect(await becomes(['who'], 'coder')).toMatch(/^coder\tonline\t\t\t\n$/);
    const until = Date.now() + 3_600_000;
    const status = { availability: 'dnd', customStatus: 'Thinking', emoji: '🤔', until } as const;
    await its.call('setStatus', { body: status });
    its.typing(general, 'start');
    const out = await becomes(['who', '#general'], '🤔 Thinking');
    expect(out).toMatch(/^coder\tdnd\t🤔 Thinking\t\d{4}-\S+ \S+\t(?:types)?\n$/);
    const roster = checkReceived(routes.readRoster.reply, await ann.json(['who', 'general']));
    expect(roster).toMatchObject({ channelId: general, users: 1, complete: true, stale: false });
    const all = await ann.json(['who']);
    expect(Array.isArray(all) && all.map((one) => checkReceived(presenceSchema, one).userId)).toEqual([
      coder,
    ]);
    const wrong = await ann.run(['who', 'genral']);
    expect([wrong.code, wrong.err]).toEqual([5, expect.stringContaining('Did you mean general?')]);
    expect((await ann.run(['who', '--follow'])).code).toBe(2);
  });

  it('is told with all that becomes of it, until somebody ends it', async () => {
    const running = place.start(['who', 'general', '--follow'], { env: ann.env });
    // Whoever follows is there, too.
    await shows(running, 'ann\tonline');
    const its = await connected();
    await shows(running, 'coder is online');
    its.typing(general, 'start');
    await shows(running, 'coder types');
    its.typing(general, 'stop');
    await shows(running, 'coder types no more');
    its.setActivity('away');
    await shows(running, 'coder is away');
    its.close();
    await shows(running, 'coder is offline');
    expect(linesOf(running).slice(1)).toEqual([
      'coder is online',
      'coder types',
      'coder types no more',
      'coder is away',
      'coder is offline',
    ]);
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, signal: null, err: '' });
  });

  it('is told to programs as the roster, and events of the protocol after it', async () => {
    const running = place.start(['who', 'general', '-f', '--json'], { env: ann.env });
    await until(() => running.out().includes('\n'), { what: 'the roster is told', deadline: 60_000 });
    const [first = ''] = running.out().split('\n');
    expect(checkReceived(routes.readRoster.reply, JSON.parse(first)).complete).toBe(true);
    const its = await connected();
    const has = (status: string) => (): boolean =>
      eventsIn(running).some(
        (event) =>
          event.type === 'channel.presence' &&
          event.presence.userId === coder &&
          event.presence.status === status,
      );
    await until(has('online'), { what: 'the agent came', deadline: 60_000 });
    its.close();
    await until(has('offline'), { what: 'the agent went', deadline: 60_000 });
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it('in a channel that goes away ends with 5', async () => {
    await ann.json(['channel', 'create', 'brief']);
    const running = place.start(['who', 'brief', '--follow'], { env: ann.env });
    await shows(running, 'ann\tonline');
    await ann.json(['channel', 'delete', 'brief', '--yes']);
    expect(await running.ended).toMatchObject({ code: 5, err: expect.stringContaining('gone') });
  });

  it('is shown between messages by tail, when asked', async () => {
    const running = place.start(['tail', 'general', '--last', '0', '--presence'], { env: ann.env });
    await until(
      async () => {
        await ann.run(['send', 'general', 'live?']);
        return running.out().includes('live?');
      },
      { what: 'the tail is live', deadline: 60_000 },
    );
    // Who was there when it began to watch is told by no event.
    const comesAndGoes = async (): Promise<boolean> => {
      const its = await connected();
      its.typing(general, 'start');
      await becomes(['who', 'general'], 'coder');
      its.close();
      return running.out().includes('coder is online');
    };
    await until(comesAndGoes, { what: 'it is shown who comes', deadline: 60_000 });
    await shows(running, 'coder is offline');
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, err: '' });
    expect(running.out()).not.toContain('types');
  });
});

describe('how one wants to be seen', patience, () => {
  const own = async (...args: string[]) =>
    checkReceived(routes.setStatus.reply, await ann.json(['status', ...args]));

  it('is set, shown and cleared', async () => {
    expect((await ann.run(['status'])).out).toBe('seen as  your connections say\n');
    const before = Date.now();
    const set = await own('Reviewing', 'PRs', '--emoji', '👀', '--availability', 'dnd', '--for', '1h');
    expect(set).toMatchObject({ availability: 'dnd', customStatus: 'Reviewing PRs', emoji: '👀' });
    expect(set.until).toBeGreaterThanOrEqual(before + 3_600_000 - 1_000);
    expect((await ann.run(['status'])).out).toMatch(
      /^seen as {2}dnd\nemoji {4}👀\ntext {5}Reviewing PRs\nuntil {4}\d{4}-\d\d-\d\d \d\d:\d\d\n$/,
    );
    expect(await own('--availability', 'away')).toMatchObject({ availability: 'away', customStatus: null });
    expect(await own('--clear')).toMatchObject({ availability: null, customStatus: null, until: null });
    expect(await own()).toMatchObject({ availability: null, emoji: null });
  });

  it.each([
    ['--clear goes with nothing else', ['--clear', 'busy']],
    ['--clear goes with nothing else', ['--clear', '--for', '1h']],
    ['--for needs to know what', ['--for', '1h']],
    ['--for must be a time', ['busy', '--for', 'ever']],
    ['--availability must be one of', ['--availability', 'busy']],
  ])('that makes no sense is refused: %s', async (says, args) => {
    const { code, err } = await ann.run(['status', ...args]);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  it('that the hub does not take is refused with the field', async () => {
    const { code, err } = await ann.run(['status', 'x'.repeat(101)]);
    expect([code, err]).toEqual([1, expect.stringContaining('customStatus')]);
  });
});

describe('the agents', patience, () => {
  it('are listed, at work or not, with what they do and how busy they are', async () => {
    await ann.run(['agent', 'create', 'sleeper', '--capability', 'dream']);
    const its = await connected();
    its.agent({ capabilities: ['review', 'code'], load: 0.5, model: 'example-model-1' });
    await its.call('setStatus', { body: { customStatus: 'Reviewing 42' } });
    expect(await becomes(['agents'], '50 %')).toBe(
      'coder\tat work\t50 %\tReviewing 42\texample-model-1\treview code\nsleeper\taway\t\t\t\tdream\n',
    );
    expect((await ann.run(['agents', '--capability', 'review'])).out).toMatch(/^coder\t[^\n]*\n$/);
    const online = await ann.json(['agents', '--online']);
    const found = Array.isArray(online) ? online.map((one) => checkReceived(agentSchema, one)) : [];
    expect(found).toMatchObject([{ userId: coder, online: true, load: 0.5 }]);
    expect(await ann.run(['agents', '--capability', 'dance'])).toMatchObject({ code: 0, out: '' });
  });

  it('are followed: who comes, who goes, and how busy they are', async () => {
    const running = place.start(['agents', '--follow', '--online', '--capability', 'dig'], { env: ann.env });
    await shows(running, 'No agent is at work');
    const its = await connected();
    its.agent({ capabilities: ['dig'], load: 0.25 });
    await shows(running, 'coder is at work, 25 % busy');
    its.agent({ load: 1 });
    await shows(running, 'coder is at work, 100 % busy');
    its.close();
    await shows(running, 'coder is away');
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, err: '' });
  });
});
