import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as HubClient from '@parley/hub-client';
import { callHubAsAdmin } from '@parley/hub-client/admin';
import { uploadFile } from '@parley/hub-client/files';
import type { Message } from '@parley/hub-protocol';
import { startPostgres, startRedis, until } from '@parley/services';
import { expect, test } from 'vitest';
import { deployed } from '../deployments/deployed.ts';
import { administrationLaws } from '../deployments/laws/administration.ts';
import { calmLaw } from '../deployments/laws/calm.ts';
import { ordinaryDay } from '../deployments/laws/ordinary-day.ts';
import { comingAndGoing } from '../deployments/laws/presence.ts';
import { outcomeOf, unharmed } from '../deployments/laws/unharmed.ts';
import type { HubProcess } from '../support/hub-process.ts';
import { hubProgram, launchHub } from '../support/hub-process.ts';
import { takePreviousBuild, type PreviousBuild } from '../support/previous-build.ts';
import { startTarget } from '../support/target.ts';
import { begin, type Trial } from '../support/trial.ts';

/**
 * Nodes of the build that is released and nodes of today's, on one Postgres and one Redis, as they are while a hub is upgraded node by node.
 * The tests of this file are one story: in it the nodes are replaced, one after the other.
 */
const patience = { timeout: 180_000 };
const reactionsPerMinute = 5;
const limits = 'change=off,connect=off,message=off,read=off,sockets=off,stream=off,typing=off,address=off';

let previous: PreviousBuild;
let env: Readonly<Record<string, string>>;

const hub = deployed(async (own) => {
  previous = own(await takePreviousBuild());
  const postgres = own(await startPostgres());
  const redis = own(await startRedis());
  const files = await mkdtemp(join(tmpdir(), 'parley-upgraded-'));
  own({ [Symbol.asyncDispose]: () => rm(files, { recursive: true, force: true }) });
  env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    HUB_LIMITS: `reaction=${reactionsPerMinute},${limits}`,
  };
  today = { program: hubProgram, env: { HUB_FILES: files, HUB_WEBHOOK_NETWORKS: '127.0.0.0/8' } };
  return { nodes: 2, env, program: previous.program };
});

let today: Parameters<HubProcess['start']>[0];

function nodes(): readonly [HubProcess, HubProcess] {
  const [before, after] = hub().nodes;
  if (before === undefined || after === undefined) throw new RangeError('there are two nodes');
  return [before, after];
}

const call = (node: HubProcess, token: string) => callHubAsAdmin({ url: node.url, token });
const clientId = (): string => randomUUID();

/** As the build before knows a message. */
function withoutFiles(message: Message): Message {
  const known = { ...message };
  delete known.files;
  return known;
}

/** Traffic with one more receiver: a client of the build before, at this node. */
async function beginWithPrevious(node: HubProcess): Promise<Trial> {
  const trial = await begin(hub());
  const { href } = previous.file('packages/hub-client/src/index.ts');
  const { connectHub: connect }: typeof HubClient = await import(/* @vite-ignore */ href);
  const { token = '' } = hub().members.at(-1) ?? {};
  await trial.receivers.addClient('of the build before', {
    url: node.url,
    token,
    channels: trial.channels,
    build: { connect, shows: withoutFiles },
  });
  return trial;
}

async function replace(node: HubProcess): Promise<void> {
  expect(await node.stop()).toEqual({ code: 0, signal: null });
  await node.start(today);
}

test(
  'the first node of today makes its tables while the other one goes on, and nobody loses anything',
  patience,
  async () => {
    const [before, after] = nodes();
    await using trial = await beginWithPrevious(before);
    await trial.traffic.more(30);
    await replace(after);
    await trial.traffic.more(60);
    expect(await outcomeOf(trial)).toEqual(unharmed);
  },
);

ordinaryDay(hub);
comingAndGoing(hub);

test('what only the node of today can do harms nobody at the one before', patience, async () => {
  const [before, after] = nodes();
  const { workspace, members } = hub();
  const owner = call(after, workspace.owner.token);
  const [ann, , agent] = members;
  if (ann === undefined || agent === undefined) throw new RangeError('there are members');
  const target = await startTarget();
  try {
    await using trial = await beginWithPrevious(before);
    const [channelId = '', quiet = ''] = trial.channels;
    const params = { channelId };
    await trial.traffic.more(20);
    await owner('announce', { body: { content: 'we are upgraded' } });
    // What nobody writes in at this moment.
    await owner('setSlowMode', { params: { channelId: quiet }, body: { seconds: 0 } });
    const { id: guest } = await workspace.add('guest');
    await owner('putMember', { params: { channelId, userId: guest }, body: {} });
    await owner('muteMember', { params: { channelId, userId: guest }, body: { seconds: 60 } });
    await owner('unmuteMember', { params: { channelId, userId: guest } });
    await owner('timeOutUser', { params: { userId: guest }, body: { seconds: 60 } });
    await owner('endTimeout', { params: { userId: guest } });
    await owner('createWebhook', {
      params,
      body: { name: 'archive', url: target.url, events: ['channel.message'] },
    });
    const answering = call(after, agent.token);
    await answering('createCommand', { params, body: { name: 'plan' } });
    const typed = call(after, ann.token)('callCommand', {
      params,
      body: { clientId: clientId(), text: '/plan' },
    });
    const open = async () => (await answering('listCommandCalls')).items[0];
    const { id: callId } = await until(open, { what: 'it is typed' });
    await answering('answerCommandCall', {
      params: { callId },
      body: { content: 'planned', visibility: 'channel' },
    });
    await typed;
    const source = new Blob(['a plan']);
    const where = { url: after.url, token: workspace.owner.token };
    const file = await uploadFile({ ...where, channelId, name: 'plan.txt', source });
    const { message } = await owner('sendMessage', {
      params,
      body: { clientId: clientId(), content: 'with a file', files: [file.id] },
    });
    await trial.traffic.more(20);
    // The node before knows of no files, and shows and edits the message all the same.
    const one = { channelId, messageId: message.id };
    const earlier = call(before, workspace.owner.token);
    await earlier('editMessage', { params: one, body: { content: 'with a longer text' } });
    await earlier('sendMessage', {
      params,
      body: { clientId: clientId(), content: 'told by the one before' },
    });
    expect(await owner('readMessage', { params: one })).toMatchObject({
      content: 'with a longer text',
      files: [{ id: file.id, name: 'plan.txt' }],
    });
    await until(() => target.calls.some(({ body }) => body.includes('told by the one before')), {
      what: 'the webhook is told of what was said at the node before',
    });
    expect(await outcomeOf(trial)).toEqual(unharmed);
  } finally {
    await target.close();
  }
});

test('a stream at the node before is left to it, for as long as it takes', patience, async () => {
  const [before, after] = nodes();
  const { workspace } = hub();
  const agent = await workspace.add('streaming');
  const { id: channelId } = await call(after, workspace.owner.token)('createChannel', {
    body: { kind: 'private', name: 'streams', members: [agent.id] },
  });
  const params = { channelId };
  const open = async (node: HubProcess): Promise<string> => {
    const body = { clientId: clientId(), content: 'Well,', streaming: 'open' } as const;
    return (await call(node, agent.token)('sendMessage', { params, body })).message.id;
  };
  const at = (messageId: string) => ({ params: { channelId, messageId } });
  const read = (messageId: string) => call(after, agent.token)('readMessage', at(messageId));
  const going = await open(before);
  // Whoever ends these two for their silence has looked at the one that is older.
  for (const left of [await open(after), await open(after)])
    await until(async () => (await read(left)).streaming === 'cut', { what: 'it is cut' });
  expect(await read(going)).toMatchObject({ streaming: 'open' });
  const finish = call(before, agent.token);
  await finish('finishMessage', { ...at(going), body: { content: 'Well, that is all of it.' } });
  expect(await read(going)).toMatchObject({ streaming: 'done', content: 'Well, that is all of it.' });
});

test(
  'who signed in at one node is signed in at the other, and whose session ends at one is out at both',
  patience,
  async () => {
    const { workspace } = hub();
    const password = 'a long password';
    for (const [i, [there, here]] of [nodes(), nodes().toReversed()].entries()) {
      const { setup } = await call(nodes()[0], workspace.owner.token)('createUser', {
        body: { handle: `signing-${i}`, kind: 'person', role: 'member', displayName: 'Somebody' },
      });
      if (there === undefined || here === undefined) throw new RangeError('there are two nodes');
      const ask = (node: HubProcess, method: string, path: string, cookie = '', body?: object) =>
        fetch(`${node.url}/api/v1${path}`, {
          method,
          headers: { origin: node.url, cookie, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
        });
      const entered = await ask(there, 'POST', '/setup', '', { code: setup.code, password });
      const cookie = entered.headers.getSetCookie()[0]?.split(';')[0];
      expect((await ask(here, 'GET', '/me', cookie)).status).toBe(200);
      expect((await ask(here, 'DELETE', '/session', cookie)).status).toBe(204);
      expect((await ask(there, 'GET', '/me', cookie)).status).toBe(401);
    }
  },
);

test('what somebody may do in a minute is counted once for both nodes', patience, async () => {
  const { workspace } = hub();
  const agent = await workspace.add('reacting');
  const owner = call(nodes()[0], workspace.owner.token);
  const { id: channelId } = await owner('createChannel', {
    body: { kind: 'private', name: 'reactions', members: [agent.id] },
  });
  const { message } = await owner('sendMessage', {
    params: { channelId },
    body: { clientId: clientId(), content: 'x' },
  });
  const from = performance.now();
  const outcomes: number[] = [];
  const path = `/api/v1/channels/${channelId}/messages/${message.id}/reactions/wave`;
  const headers = { authorization: `Bearer ${agent.token}` };
  for (let i = 0; i < reactionsPerMinute; i += 1)
    for (const { url } of nodes())
      outcomes.push((await fetch(url + path, { method: 'PUT', headers })).status);
  const done = outcomes.filter((status) => status < 300).length;
  const refilled = Math.ceil(((performance.now() - from) / 60_000) * reactionsPerMinute);
  expect(outcomes.filter((status) => status >= 300 && status !== 429)).toEqual([]);
  expect(done).toBeGreaterThanOrEqual(reactionsPerMinute);
  expect(done).toBeLessThanOrEqual(reactionsPerMinute + refilled);
});

test('a build that knows less than the tables does not start, and says why', patience, async () => {
  await using refused = await launchHub(
    { NODE_ENV: 'production', HUB_PORT: '0', ...env },
    [],
    previous.program,
  );
  expect((await refused.exited).code).not.toBe(0);
  expect(await refused.output()).toContain('was migrated by a newer version of this application');
});

test('the last node of before is replaced, and what was said at it is found', patience, async () => {
  const [before] = nodes();
  await using trial = await beginWithPrevious(before);
  await trial.traffic.more(30);
  await replace(before);
  await trial.traffic.more(30);
  expect(await outcomeOf(trial)).toEqual(unharmed);
  const search = call(before, hub().workspace.owner.token);
  const { items } = await search('searchMessages', { query: { query: '"told by the one before"' } });
  expect(items).toHaveLength(1);
});

administrationLaws(hub);
calmLaw(hub);
