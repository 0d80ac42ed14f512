import type { ColumnType, Generated } from 'kysely';

/** A bigint: the driver gives it as text, because it could be larger than a number can say. */
type Count = ColumnType<string, number | bigint | undefined, number | bigint>;
type MaybeCount = ColumnType<string | null, number | bigint | null | undefined, number | bigint | null>;
type NotifyColumn = ColumnType<string | null, string | null | undefined, string | null>;
type Json<T> = ColumnType<T, string, string>;

export type Role = 'owner' | 'admin' | 'member' | 'observer';
export type ChannelKind = 'public' | 'private' | 'direct' | 'group';

/** The tables of `sql/migrations`. */
export interface Tables {
  audit: AuditTable;
  command_answers: CommandAnswerTable;
  command_calls: CommandCallTable;
  commands: CommandTable;
  deliveries: DeliveryTable;
  incoming_webhooks: IncomingWebhookTable;
  webhooks: WebhookTable;
  audit_seals: { seq: Count; entry_id: string; hash: string };
  audit_unsealed: { entry_id: string };
  mutes: { channel_id: string; user_id: string; at: Count; until: MaybeCount };
  turns: { channel_id: string; user_id: string; next_at: Count; client_id: string | null };
  workspace: {
    one: Generated<boolean>;
    nonce: Generated<string>;
    created_at: Count;
    files_at: ColumnType<string | null, undefined, string>;
  };
  users: UserTable;
  tokens: TokenTable;
  setup_codes: { hash: Uint8Array; user_id: string; created_at: Count; expires_at: Count };
  channels: ChannelTable;
  members: MemberTable;
  messages: MessageTable;
  changes: { channel_id: string; seq: Count; actor_id: string | null; at: Count; event: Json<object> };
  edits: { message_id: string; version: number; content: string; editor_id: string; at: Count };
  reactions: { message_id: string; emoji: string; user_id: string; at: Count };
  mentions: { user_id: string; channel_id: string; seq: Count };
  streams: { message_id: string; content: string; heard_at: Count; unheard: Generated<boolean> };
  threads: ThreadTable;
  attachments: { message_id: string; nth: number; file_id: string };
  files: FileTable;
  file_parts: FilePartTable;
  file_usage: { owner: string; bytes: Count };
  imported: { source: string; kind: 'user' | 'channel'; foreign_id: string; id: string };
  thread_follows: {
    root_id: string;
    user_id: string;
    following: boolean;
    read_count: Count;
    skipped: Count;
  };
}

export interface AuditTable {
  id: string;
  at: ColumnType<string, never, never>;
  action: string;
  actor_id: string | null;
  via: string | null;
  address: string | null;
  subject_id: string | null;
  channel_id: string | null;
  details: ColumnType<object, string | undefined, never>;
}

export interface IncomingWebhookTable {
  id: string;
  channel_id: string;
  user_id: string;
  name: string;
  hash: Uint8Array;
  created_by: string;
  created_at: Count;
}

export interface CommandTable {
  id: string;
  channel_id: string;
  name: string;
  description: string;
  user_id: string;
  url: string | null;
  secret: string | null;
  created_by: string;
  created_at: Count;
}

interface CommandCallTable {
  id: string;
  command_id: string;
  channel_id: string;
  user_id: string;
  client_id: string;
  text: string;
  hash: Uint8Array | null;
  error: string | null;
  created_at: Count;
  expires_at: Count;
}

export interface CommandAnswerTable {
  id: string;
  call_id: string;
  client_id: string | null;
  visibility: 'caller' | 'channel';
  content: string | null;
  message_id: ColumnType<string | null, string | undefined, string | null>;
  created_at: Count;
}

export interface WebhookTable {
  id: string;
  channel_id: string;
  name: string;
  url: string;
  secret: string;
  events: string[];
  created_by: string;
  created_at: Count;
  seq: Count;
  looked_at: Count;
  turn: Count;
  queued_at: MaybeCount;
  failures: Generated<number>;
  paused_until: MaybeCount;
  deleted_at: MaybeCount;
}

export interface DeliveryTable {
  id: string;
  webhook_id: string;
  seq: Count;
  type: string;
  state: 'waiting' | 'delivered' | 'dead';
  round: number;
  attempts: number;
  status: number | null;
  error: string | null;
  created_at: Count;
  tried_at: MaybeCount;
  due_at: Count;
  since: Count;
}

export interface UserTable {
  id: string;
  kind: 'person' | 'agent';
  handle: string;
  display_name: string;
  avatar: string | null;
  bio: Generated<string>;
  role: Role;
  owner_id: string | null;
  model: string | null;
  capabilities: ColumnType<string[], string[] | undefined, string[]>;
  password: string | null;
  rev: Count;
  sessions_era: Count;
  created_at: Count;
  deactivated_at: MaybeCount;
  timeout_until: MaybeCount;
  notify: NotifyColumn;
}

export interface TokenTable {
  id: string;
  user_id: string;
  name: string;
  hash: Uint8Array;
  scopes: string[];
  created_at: Count;
  expires_at: MaybeCount;
  last_used_at: MaybeCount;
  revoked_at: MaybeCount;
}

interface ChannelTable {
  id: string;
  kind: ChannelKind;
  name: string | null;
  topic: Generated<string>;
  description: Generated<string>;
  parties: string | null;
  created_by: string | null;
  created_at: Count;
  archived_at: MaybeCount;
  frozen_at: MaybeCount;
  frozen_by: string | null;
  frozen_by_at: MaybeCount;
  retention_days: ColumnType<number | null, number | null | undefined, number | null>;
  retained_seq: Count;
  slow_seconds: Generated<number>;
  deleted_at: MaybeCount;
  last_seq: Count;
  message_count: Count;
  member_count: Generated<number>;
  rev: Count;
}

interface MemberTable {
  channel_id: string;
  user_id: string;
  role: Role;
  joined_at: Count;
  invited_by: string | null;
  last_read_seq: Count;
  read_count: Count;
  skipped: Count;
  mentions: Count;
  notify: NotifyColumn;
}

interface MessageTable {
  channel_id: string;
  seq: Count;
  id: string;
  kind: 'message' | 'thought' | 'action' | 'system';
  sender_id: string | null;
  client_id: string | null;
  content: string;
  at: Count;
  thread_id: string | null;
  reply_to: string | null;
  mentions: ColumnType<object | null, string | null, string | null>;
  ordinal: MaybeCount;
  edited_at: MaybeCount;
  version: Generated<number>;
  deleted_at: MaybeCount;
  pinned_at: MaybeCount;
  turn_id: string | null;
  caused_by: string | null;
  streaming: Generated<'none' | 'open' | 'done' | 'cut'>;
  cut_at: MaybeCount;
  model: string | null;
  data: ColumnType<object | null, string | null, string | null>;
}

interface FileTable {
  id: string;
  channel_id: string;
  user_id: string;
  client_id: string;
  name: string;
  size: Count;
  received: Count;
  attempt: Generated<number>;
  state: Generated<'uploading' | 'ready'>;
  type: Generated<string>;
  sha256: string | null;
  width: number | null;
  height: number | null;
  preview_width: number | null;
  preview_height: number | null;
  created_at: Count;
  kept_until: MaybeCount;
  deleted_at: MaybeCount;
}

interface FilePartTable {
  key: string;
  file_id: string;
  place: Count;
  size: Count;
  state: 'writing' | 'stored' | 'preview';
  started_at: Count;
}

interface ThreadTable {
  root_id: string;
  channel_id: string;
  replies: Count;
  last_reply_at: MaybeCount;
  created_by: string;
  created_at: Count;
}
