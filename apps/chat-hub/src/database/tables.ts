import type { ColumnType, Generated } from 'kysely';

/** A bigint: the driver gives it as text, because it could be larger than a number can say. */
export type Count = ColumnType<string, number | bigint | undefined, number | bigint>;
type MaybeCount = ColumnType<string | null, number | bigint | null | undefined, number | bigint | null>;
type Json<T> = ColumnType<T, string, string>;

export type Role = 'owner' | 'admin' | 'member' | 'observer';
export type ChannelKind = 'public' | 'private' | 'direct' | 'group';

/** The tables of `sql/migrations`. */
export interface Tables {
  workspace: { one: Generated<boolean>; nonce: Generated<string>; created_at: Count };
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
  threads: ThreadTable;
  thread_follows: {
    root_id: string;
    user_id: string;
    following: boolean;
    read_count: Count;
    skipped: Count;
  };
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

export interface ChannelTable {
  id: string;
  kind: ChannelKind;
  name: string | null;
  topic: Generated<string>;
  description: Generated<string>;
  parties: string | null;
  created_by: string | null;
  created_at: Count;
  archived_at: MaybeCount;
  deleted_at: MaybeCount;
  last_seq: Count;
  message_count: Count;
  member_count: Generated<number>;
  rev: Count;
}

export interface MemberTable {
  channel_id: string;
  user_id: string;
  role: Role;
  joined_at: Count;
  invited_by: string | null;
  last_read_seq: Count;
  read_count: Count;
  skipped: Count;
  mentions: Count;
}

export interface MessageTable {
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
  streaming: Generated<'none' | 'open' | 'done'>;
  model: string | null;
  data: ColumnType<object | null, string | null, string | null>;
}

export interface ThreadTable {
  root_id: string;
  channel_id: string;
  replies: Count;
  last_reply_at: MaybeCount;
  created_by: string;
  created_at: Count;
}
