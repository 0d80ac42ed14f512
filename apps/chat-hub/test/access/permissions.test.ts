import { isHubError, type ChannelKind, type Role } from '@parley/hub-protocol';
import { describe, expect, test } from 'vitest';
import { permissions, type ChannelAction } from '../../src/access/permissions.ts';
import { standingIn } from '../../src/access/standing.ts';
import { admit } from '../../src/chat/look.ts';

interface Who {
  readonly workspace: Role;
  /** In the channel; undefined: not in it. */
  readonly role?: Role;
  readonly silenced?: 'muted' | 'frozen' | 'timed-out';
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const actions = Object.keys(permissions) as ChannelAction[];

/** What somebody may do; undefined: they do not even know that the channel is there. */
function may({ workspace, role, silenced }: Who, kind: ChannelKind, archived = false): string[] | undefined {
  const facts = { kind, archived, role, silenced };
  const standing = standingIn(workspace, facts);
  if (standing === 'stranger') return undefined;
  return actions.filter((action) => {
    try {
      admit({ ...facts, standing }, action);
      return true;
    } catch (error) {
      if (isHubError(error)) return false;
      throw error;
    }
  });
}

const reads = ['channel.read'];
const member = [
  ...reads,
  'channel.leave',
  'message.delete',
  'message.edits',
  'thread.follow',
  'reading.mark',
  'notifications.set',
];
const talks = [
  ...member,
  'message.send',
  'message.edit',
  'message.react',
  'message.pin',
  'command.declare',
  'event.post',
];
const writes = [...talks, 'channel.topic', 'member.invite'];
const moderation = [
  'channel.update',
  'channel.archive',
  'channel.freeze',
  'channel.slow',
  'channel.webhooks',
  'member.update',
  'member.kick',
  'member.mute',
  'message.delete.any',
];
const moderates = [...writes, ...moderation];
const owns = [...moderates, 'channel.delete'];
/** Of who runs the workspace and is not in the channel: what is theirs to moderate, and nothing in their own name. */
const fromOutside = [
  ...reads,
  'channel.topic',
  'member.invite',
  'message.delete',
  'message.edits',
  ...moderation,
];

const sorted = (list: readonly string[] | undefined): string[] | undefined =>
  list?.toSorted((a, b) => a.localeCompare(b));
const without = (list: readonly string[], ...gone: string[]): string[] =>
  list.filter((action) => !gone.includes(action));

describe('in a public channel', () => {
  const joins = 'channel.join';
  test.each<[string, Who, string[]]>([
    ['who is not in it reads and may join', { workspace: 'member' }, [...reads, joins]],
    ['an observer of the workspace reads', { workspace: 'observer' }, [...reads, joins]],
    ['an admin of the workspace moderates it from outside', { workspace: 'admin' }, [...fromOutside, joins]],
    [
      'an owner of the workspace may delete it, too',
      { workspace: 'owner' },
      [...fromOutside, joins, 'channel.delete'],
    ],
    ['a member writes', { workspace: 'member', role: 'member' }, [...writes, joins]],
    ['an observer in it reads and marks', { workspace: 'member', role: 'observer' }, [...member, joins]],
    [
      'an observer of the workspace in it does no more',
      { workspace: 'observer', role: 'owner' },
      [...member, joins],
    ],
    ['its admin moderates', { workspace: 'member', role: 'admin' }, [...moderates, joins]],
    ['its owner owns it', { workspace: 'member', role: 'owner' }, [...owns, joins]],
    [
      'an admin of the workspace in it moderates',
      { workspace: 'admin', role: 'member' },
      [...moderates, joins],
    ],
    ['an owner of the workspace in it owns it', { workspace: 'owner', role: 'member' }, [...owns, joins]],
  ])('%s', (_, who, expected) => expect(sorted(may(who, 'public'))).toEqual(sorted(expected)));
});

describe('in a private channel', () => {
  test.each<[Role]>([['owner'], ['admin'], ['member'], ['observer']])(
    'who is not in it knows nothing of it: %s',
    (workspace) => {
      expect(may({ workspace }, 'private')).toBeUndefined();
    },
  );

  test('a member writes, an admin moderates', () => {
    expect(sorted(may({ workspace: 'member', role: 'member' }, 'private'))).toEqual(sorted(writes));
    expect(sorted(may({ workspace: 'member', role: 'admin' }, 'private'))).toEqual(sorted(moderates));
  });
});

describe('in a conversation', () => {
  test.each<[ChannelKind]>([['direct'], ['group']])('%s: everybody in it talks, nobody rules', (kind) => {
    const all = [...talks, 'channel.freeze.talk'];
    const expected = kind === 'direct' ? without(all, 'channel.leave') : all;
    for (const workspace of ['owner', 'admin', 'member'] as const) {
      for (const role of ['owner', 'member'] as const) {
        expect(sorted(may({ workspace, role }, kind))).toEqual(sorted(expected));
      }
      expect(may({ workspace }, kind)).toBeUndefined();
    }
  });
});

test('an archived channel is read, left, brought back and deleted, and nothing else', () => {
  expect(sorted(may({ workspace: 'member', role: 'owner' }, 'public', true))).toEqual(
    sorted([
      ...reads,
      'channel.leave',
      'channel.archive',
      'channel.delete',
      'message.edits',
      'thread.follow',
      'reading.mark',
      'notifications.set',
    ]),
  );
});

test('who is silenced does what an observer does, whatever they are; and takes nothing away of what is frozen', () => {
  for (const silenced of ['muted', 'frozen', 'timed-out'] as const)
    for (const workspace of ['owner', 'member'] as const) {
      const left = silenced === 'frozen' ? without(member, 'message.delete') : member;
      expect(sorted(may({ workspace, role: 'owner', silenced }, 'private'))).toEqual(sorted(left));
      expect(sorted(may({ workspace, silenced }, 'public'))).toEqual(sorted([...reads, 'channel.join']));
    }
});

test('there is nothing to do that nobody may', () => {
  for (const action of actions) expect([...owns, 'channel.join', 'channel.freeze.talk']).toContain(action);
});
