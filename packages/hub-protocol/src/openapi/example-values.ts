import type { Channel, Member, Reading } from '../values/channel.ts';
import type { File } from '../values/file.ts';
import type { Message, Thread } from '../values/message.ts';
import type { Agent, Presence, Roster } from '../values/presence.ts';
import type { User } from '../values/user.ts';

/** One small scene that all examples are taken from. */
export const at = 1_708_554_000_000;
export const ids = {
  general: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a01',
  ada: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a02',
  architect: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a03',
  root: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a04',
  reply: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a05',
  announcement: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a06',
  token: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a07',
  file: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a08',
  audit: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a09',
  webhook: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0a',
  delivery: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0b',
  command: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0c',
  commandCall: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0d',
  commandAnswer: '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0e',
} as const;
export const epoch = '7342085712-1';

export const exampleUser: User = {
  id: ids.architect,
  kind: 'agent',
  handle: 'backend-architect',
  displayName: 'Backend Architect',
  avatar: null,
  bio: 'Draws the boxes before the arrows.',
  role: 'member',
  ownerId: ids.ada,
  model: 'example-model-1',
  capabilities: ['design', 'review'],
  createdAt: at,
  deactivatedAt: null,
};

export const exampleChannel: Channel = {
  id: ids.general,
  kind: 'public',
  name: 'general',
  topic: 'What everybody should know',
  description: '',
  createdBy: ids.ada,
  createdAt: at,
  archivedAt: null,
  seq: 17,
  rev: 2,
  memberCount: 2,
  frozenAt: null,
  frozenBy: null,
  slowSeconds: 0,
};

export const exampleMember: Member = {
  channelId: ids.general,
  userId: ids.architect,
  role: 'member',
  joinedAt: at,
  invitedBy: ids.ada,
};

export const exampleReading: Reading = { channelId: ids.general, lastReadSeq: 17, unread: 0, mentions: 0 };

export const examplePresence: Presence = {
  userId: ids.architect,
  status: 'online',
  customStatus: 'Reviewing PRs',
  emoji: '👀',
  until: null,
  lastSeen: null,
};

export const exampleRoster: Roster = {
  channelId: ids.general,
  members: [examplePresence],
  users: 1,
  complete: true,
  stale: false,
  typing: [{ userId: ids.architect, threadId: null }],
};

export const exampleAgent: Agent = {
  userId: ids.architect,
  online: true,
  capabilities: ['design', 'review'],
  model: 'example-model-1',
  ownerId: ids.ada,
  load: 0.25,
};

export const exampleThread: Thread = { replies: 1, lastReplyAt: at, participants: [ids.architect] };

export const exampleMessage: Message = {
  id: ids.root,
  channelId: ids.general,
  seq: 17,
  kind: 'message',
  senderId: ids.ada,
  content: 'Hello world! @backend-architect, have a look?',
  timestamp: at,
  threadId: null,
  replyTo: null,
  mentions: { users: [ids.architect], roles: [], here: false },
  reactions: [],
  editedAt: null,
  deletedAt: null,
  pinnedAt: null,
  thread: null,
  turnId: null,
  causedBy: null,
  streaming: 'none',
  model: null,
  data: null,
  clientId: null,
};

export const exampleFile: File = {
  id: ids.file,
  channelId: ids.general,
  userId: ids.ada,
  name: 'plan.png',
  size: 48_213,
  received: 48_213,
  state: 'ready',
  type: 'image/png',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  image: { width: 1_280, height: 960 },
  preview: { width: 512, height: 384 },
  createdAt: at,
};

export const exampleReply: Message = {
  ...exampleMessage,
  id: ids.reply,
  seq: 19,
  senderId: ids.architect,
  content: 'On it.',
  threadId: ids.root,
  mentions: { users: [], roles: [], here: false },
  turnId: 'turn-1',
  causedBy: ids.root,
  model: 'example-model-1',
};
