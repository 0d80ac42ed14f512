import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { routes } from '@parley/hub-protocol/rest';
import { startNode, until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type HubProcess } from '../support/hub-process.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the conversation with curl', { timeout: 180_000 }, () => {
  let hub: HubProcess;
  let folder: string;
  let token: string;
  let channel: string;
  const written = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-curl-'));
    hub = await startHub();
    const env = { ...process.env, HUB: hub.url, CODE: await hub.setupCode() };
    const { stdout } = await promisify(execFile)('sh', [here('rest.sh')], { cwd: folder, env });
    token = stdout.trim();
  }, 180_000);
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function say(clientId: string): Promise<void> {
    const reply = await fetch(`${hub.url}/api/v1/channels/${channel}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ clientId, content: clientId }),
    });
    expect(reply.status).toBe(201);
  }

  it('ends with a message that was sent twice and is there once, and an error that names the field', async () => {
    const first = await written('first.json');
    expect(first).toMatchObject({ message: { content: 'Hello @ada' } });
    expect(await written('again.json')).toEqual(first);
    expect(await written('messages.json')).toMatchObject({ items: [{ content: 'Hello @ada' }] });
    expect(await written('log.json')).toMatchObject({ items: [] });
    expect(await written('roster.json')).toMatchObject({ members: [], users: 0, stale: false });
    expect(await written('status.json')).toMatchObject({ availability: 'dnd', customStatus: 'Taking notes' });
    expect(await written('typing.json')).toMatchObject({ typing: [{ threadId: null }] });
    expect(await written('refused.json')).toMatchObject({ code: 'INVALID', field: 'colour' });
    expect(token).toMatch(/^parley_/);
  });

  it('can be followed by a client of its own, over a restart of the hub, each message once and in order', async () => {
    channel = routes.sendMessage.reply.parse(await written('first.json')).message.channelId;
    await using client = await startNode({
      script: new URL('own-client.mjs', import.meta.url),
      name: 'own-client',
      env: { HUB: hub.url, TOKEN: token },
    });
    const lines = async (): Promise<string[]> => (await client.output()).trim().split('\n');
    const printed = (text: string): Promise<unknown> =>
      until(async () => (await lines()).some((line) => line.endsWith(text)), {
        what: `${text} is printed`,
        deadline: 60_000, // the client may pause for half of it
        process: client,
      });
    await printed('Hello @ada');
    await say('one');
    await say('two');
    await printed('two');
    await hub.kill();
    await hub.start();
    await say('three');
    await say('four');
    await printed('four');
    const texts = (await lines()).map((line) => line.replace(/^\d+ /, ''));
    expect(texts).toEqual(['Hello @ada', 'one', 'two', 'three', 'four']);
  });
});
