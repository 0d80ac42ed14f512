import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/slack/elements.ts';
import { slackLines, slackSource } from '../../src/slack/slack-lines.ts';
import { handleFrom, partsOf, textOf } from '../../src/slack/slack-text.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'parley-slack-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As Slack writes it: indented by four. */
async function put(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof value === 'string' ? value : JSON.stringify(value, null, 4));
}

async function lines() {
  const told: unknown[] = [];
  const broken: string[] = [];
  for await (const line of slackLines(folder)) {
    if ('broken' in line) broken.push(`${line.file}:${line.line} ${line.broken}`);
    else told.push(JSON.parse(line.text));
  }
  return { told, broken };
}

const users = [
  { id: 'U1', team_id: 'T9', name: 'Ann.Lee', profile: { display_name: 'Ann', title: 'Chief' } },
  { id: 'U2', team_id: 'T9', name: 'here', deleted: true, updated: 1_600_000_000 },
];
const channels = [
  { id: 'C1', name: 'general', created: 1_500_000_000, members: ['U1'], topic: { value: 'All' } },
];

describe('an export of Slack', () => {
  it('becomes people, channels, messages with their threads and reactions, and members', async () => {
    await put('users.json', users);
    await put('channels.json', channels);
    await put('general/2024-01-02.json', [
      { type: 'message', user: 'U2', text: 'late', ts: '1704153600.000100', thread_ts: '1704067200.000100' },
    ]);
    await put('general/2024-01-01.json', [
      {
        type: 'message',
        user: 'U1',
        text: 'Hi <@U2>, see <https://x.test|this> &amp; <#C1|general>',
        ts: '1704067200.000100',
        thread_ts: '1704067200.000100',
        edited: { ts: '1704067300.000000' },
        reactions: [{ name: 'tada', users: ['U2'], count: 1 }],
        files: [{ name: 'plan.pdf' }],
      },
      { type: 'message', subtype: 'channel_join', user: 'U2', ts: '1704067201.000100', text: 'joined' },
      {
        type: 'message',
        subtype: 'bot_message',
        bot_id: 'B1',
        username: 'Build Bot',
        text: 'done',
        ts: '1704067202.000100',
      },
    ]);
    const { told, broken } = await lines();
    expect(broken).toEqual([]);
    const first = 'C1:1704067200.000100';
    expect(told).toEqual([
      { user: { id: 'U1', handle: 'ann.lee', displayName: 'Ann', bio: 'Chief', kind: 'person' } },
      {
        user: {
          id: 'U2',
          handle: 'here-2',
          displayName: 'here',
          kind: 'person',
          deactivatedAt: 1_600_000_000_000,
        },
      },
      {
        channel: {
          id: 'C1',
          kind: 'public',
          name: 'general',
          topic: 'All',
          description: '',
          createdAt: 1_500_000_000_000,
        },
      },
      {
        message: {
          id: first,
          channelId: 'C1',
          senderId: 'U1',
          content: 'Hi @here-2, see this (https://x.test) & #general',
          timestamp: 1_704_067_200_000,
          editedAt: 1_704_067_300_000,
          files: [{ name: 'plan.pdf' }],
          reactions: [{ emoji: 'tada', userIds: ['U2'] }],
        },
      },
      { user: { id: 'B1', handle: 'build-bot', displayName: 'Build Bot', kind: 'agent' } },
      expect.objectContaining({ message: expect.objectContaining({ senderId: 'B1', content: 'done' }) }),
      expect.objectContaining({ message: expect.objectContaining({ content: 'late', threadId: first }) }),
      { member: { channelId: 'C1', userId: 'U1' } },
    ]);
    expect(await slackSource(folder)).toBe('slack-T9');
  });

  it('has what is broken told by file and line, and the rest of the file is read', async () => {
    await put('users.json', users);
    await put('channels.json', channels);
    const good = (text: string, ts: string) =>
      JSON.stringify({ type: 'message', user: 'U1', text, ts }, null, 4).replaceAll('\n', '\n    ');
    await put(
      'general/2024-01-01.json',
      `[\n    ${good('one', '1704067200.1')},\n    {\n        "type": "message",\n        "text": "cut\n    },\n    ${good('two', '1704067201.1')},\n    ${good('no moment', 'x')},\n    ${good('three', '1704067202.1')}`,
    );
    await put('general/2024-01-02.json', 'nothing of the kind');
    await put('general/2024-01-03.json', '');
    const { told, broken } = await lines();
    const texts = told.flatMap((line) => /"content":"([^"]*)"/.exec(JSON.stringify(line))?.[1] ?? []);
    expect(texts).toEqual(['one', 'two', 'three']);
    expect(broken).toEqual([
      'general/2024-01-01.json:8 it is not JSON',
      'general/2024-01-01.json:18 x is no moment',
    ]);
  });

  it('loses nothing that was said by those who are in no list, in threads without a beginning, and by programs without a text', async () => {
    await put('users.json', users);
    await put('channels.json', channels);
    const at = (second: number) => `17040672${String(second).padStart(2, '0')}.000100`;
    await put('general/2024-01-01.json', [
      {
        type: 'message',
        user: 'U77',
        user_profile: { name: 'guest', real_name: 'A Guest' },
        text: 'hello',
        ts: at(0),
      },
      { type: 'message', user: 'U77', text: 'again', ts: at(1) },
      {
        type: 'message',
        subtype: 'tombstone',
        user: 'USLACKBOT',
        text: 'This message was deleted.',
        ts: at(2),
        thread_ts: at(2),
      },
      { type: 'message', user: 'U1', text: 'below it', ts: at(3), thread_ts: at(2) },
      { type: 'message', user: 'U1', text: 'below nothing', ts: at(4), thread_ts: '1600000000.000100' },
      {
        type: 'message',
        subtype: 'bot_message',
        bot_id: 'B1',
        text: '',
        ts: at(5),
        attachments: [{ title: 'Build 7', text: 'passed' }, { fallback: 'and more' }],
      },
      { type: 'message', user: 'U1', text: ' \n', ts: at(6), files: [{ name: 'plan.pdf' }] },
    ]);
    const { told, broken } = await lines();
    expect(broken).toEqual([]);
    const said = told.flatMap((line) => {
      const { message }: { message?: { senderId: string; content: string; threadId?: string } } = JSON.parse(
        JSON.stringify(line),
      );
      return message === undefined ? [] : [[message.senderId, message.content, message.threadId]];
    });
    expect(said).toEqual([
      ['U77', 'hello', undefined],
      ['U77', 'again', undefined],
      ['USLACKBOT', 'This message was deleted.', undefined],
      ['U1', 'below it', `C1:${at(2)}`],
      ['U1', 'below nothing', undefined],
      ['B1', 'Build 7\npassed\n\nand more', undefined],
      ['U1', '', undefined],
    ]);
    expect(told).toContainEqual({
      user: expect.objectContaining({ id: 'U77', handle: 'guest', displayName: 'A Guest', kind: 'person' }),
    });
    expect(told).toContainEqual({ user: expect.objectContaining({ id: 'USLACKBOT', kind: 'agent' }) });
  });

  it('follows no links that its archive brought along', async () => {
    await put('users.json', users);
    await put('channels.json', [...channels, { id: 'C3', name: 'linked' }]);
    const secret = [{ type: 'message', user: 'U1', text: 'of another folder', ts: '1704067200.1' }];
    await put('elsewhere/2024-01-01.json', secret);
    await mkdir(join(folder, 'general'));
    await symlink(join(folder, 'elsewhere/2024-01-01.json'), join(folder, 'general/2024-01-01.json'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'linked'));
    const { told, broken } = await lines();
    expect(JSON.stringify(told)).not.toContain('of another folder');
    expect(broken).toEqual(['general/2024-01-01.json:1 it is no file of the export, and is not followed']);
    await rm(join(folder, 'channels.json'));
    await symlink(join(folder, 'users.json'), join(folder, 'channels.json'));
    await expect(lines()).rejects.toThrow('no file of the export');
  });

  it('cannot lead out of its folder', async () => {
    await put('users.json', users);
    await put('channels.json', [{ ...channels[0], name: '../outside' }, { id: 'C2' }]);
    const { told, broken } = await lines();
    expect(told.filter((line) => JSON.stringify(line).includes('"message"'))).toEqual([]);
    expect(broken).toEqual([expect.stringContaining('no id or no name')]);
    await rm(join(folder, 'users.json'));
    await expect(lines()).rejects.toThrow('cannot be read');
  });
});

describe('its texts', () => {
  const names = { handleOf: (id: string) => (id === 'U1' ? 'ann' : undefined) };

  it('are read as they were typed', () => {
    expect(textOf('<!here> <@U1> <@U9|old> <!subteam^S1|@team> &lt;b&gt; <mailto:a@b|a@b>', names)).toBe(
      '@here @ann @old @team <b> a@b (mailto:a@b)',
    );
  });

  it('are parted where they are too long, between characters', () => {
    expect(partsOf('a😀b', 2)).toEqual(['a😀', 'b']);
    expect(partsOf('', 2)).toEqual(['']);
  });

  it('give handles that a hub takes', () => {
    expect([handleFrom('Zoë Bär!', 'U1'), handleFrom('李', 'U2AB')]).toEqual(['zoe-bar', 'slack-u2ab']);
  });
});

describe('objects of an array', () => {
  it('are found where most of them are broken, without going through all of the text for each', () => {
    const broken = '  {"a": {\n'.repeat(50_000);
    const found = [...elementsOf(`[\n${broken}  {"a":1},\n  {"b":2}\n]`)];
    expect(found).toHaveLength(50_002);
    expect(found.slice(-2)).toEqual([
      { line: 50_002, text: '{"a":1}' },
      { line: 50_003, text: '{"b":2}' },
    ]);
  });

  it('are found on one line as well, with braces in texts', () => {
    expect([...elementsOf('[{"a":"}{"},{"b":"\\"}"}]')].map(({ text }) => text)).toEqual([
      '{"a":"}{"}',
      '{"b":"\\"}"}',
    ]);
  });
});
