import { roles } from '../roles.ts';
import type { Problem } from '../problem-schema.ts';
import type { Channel, Member, Reading } from '../values/channel.ts';
import type { Edit, Mentions, Message, Reaction, Thread } from '../values/message.ts';
import type { Session } from '../values/session.ts';
import type { Token } from '../values/token.ts';
import type { Agent, Presence, Roster, Status, Typist } from '../values/presence.ts';
import type { User } from '../values/user.ts';
import {
  availabilities,
  channelKinds,
  messageKinds,
  notificationLevels,
  presenceStatuses,
  streamingStates,
  userKinds,
} from '../values/words.ts';
import {
  anything,
  count,
  flag,
  form,
  list,
  nullable,
  number,
  object,
  optional,
  record,
  text,
  whole,
  word,
} from './reader.ts';
import { file } from './file.ts';
import { id } from './id.ts';

export { id };

export const epoch = form(/^.{1,128}$/su, 'have 1 to 128 characters');
export const perhapsText = nullable(text);
export const perhapsId = nullable(id);
export const perhapsTime = nullable(count);
export const data = record(anything);
const role = word(roles, 'observer');

export const user = object<User>({
  id,
  kind: word(userKinds, 'agent'),
  handle: text,
  displayName: text,
  avatar: perhapsText,
  bio: text,
  role,
  ownerId: perhapsId,
  model: perhapsText,
  capabilities: list(text),
  createdAt: count,
  deactivatedAt: perhapsTime,
  timeoutUntil: optional(perhapsTime),
});

const chosen = { customStatus: perhapsText, emoji: perhapsText, until: perhapsTime };

export const presence = object<Presence>({
  userId: id,
  status: word(presenceStatuses, 'online'),
  ...chosen,
  lastSeen: perhapsTime,
});

export const status = object<Status>({ availability: nullable(word(availabilities, 'online')), ...chosen });

export const roster = object<Roster>({
  channelId: id,
  members: list(presence),
  users: whole,
  complete: flag,
  stale: flag,
  typing: list(object<Typist>({ userId: id, threadId: perhapsId })),
});

export const agent = object<Agent>({
  userId: id,
  online: flag,
  capabilities: list(text),
  model: perhapsText,
  ownerId: perhapsId,
  load: nullable(number),
});

export const channel = object<Channel>({
  id,
  kind: word(channelKinds, 'private'),
  name: perhapsText,
  topic: text,
  description: text,
  createdBy: perhapsId,
  createdAt: count,
  archivedAt: perhapsTime,
  seq: count,
  rev: whole,
  memberCount: whole,
  frozenAt: optional(perhapsTime),
  frozenBy: optional(perhapsId),
  slowSeconds: optional(whole),
  lastMessageAt: optional(count),
});

export const member = object<Member>({
  channelId: id,
  userId: id,
  role,
  joinedAt: count,
  invitedBy: perhapsId,
  muted: optional(nullable(object({ at: count, until: perhapsTime }))),
});

export const level = nullable(word(notificationLevels, 'mentions'));

export const reading = object<Reading>({
  channelId: id,
  lastReadSeq: count,
  unread: whole,
  mentions: whole,
  seq: optional(count),
  level: optional(level),
});

export const thread = object<Thread>({
  replies: whole,
  lastReplyAt: perhapsTime,
  participants: list(id),
});

export const message = object<Message>({
  id,
  channelId: id,
  seq: count,
  kind: word(messageKinds, 'system'),
  senderId: perhapsId,
  content: text,
  timestamp: count,
  threadId: perhapsId,
  replyTo: perhapsId,
  mentions: object<Mentions>({ users: list(id), roles: list(role), here: flag }),
  reactions: list(object<Reaction>({ emoji: text, userIds: list(id) })),
  editedAt: perhapsTime,
  deletedAt: perhapsTime,
  pinnedAt: perhapsTime,
  thread: nullable(thread),
  turnId: perhapsText,
  causedBy: perhapsId,
  streaming: word(streamingStates, 'none'),
  model: perhapsText,
  data: nullable(data),
  clientId: perhapsText,
  files: optional(list(file)),
});

export const edit = object<Edit>({ content: text, replacedAt: count, replacedBy: id });

export const session = object<Session>({
  id: text,
  createdAt: count,
  lastSeenAt: count,
  expiresAt: count,
  address: perhapsText,
  userAgent: perhapsText,
  current: flag,
});

export const token = object<Token>({
  id,
  userId: id,
  name: text,
  scopes: list(text),
  createdAt: count,
  expiresAt: perhapsTime,
  lastUsedAt: perhapsTime,
  revokedAt: perhapsTime,
});

export const problem = object<Problem>({
  type: text,
  title: text,
  status: whole,
  code: text,
  detail: text,
  field: optional(text),
  retryable: flag,
  retryAfter: optional(whole),
  requestId: optional(text),
});
