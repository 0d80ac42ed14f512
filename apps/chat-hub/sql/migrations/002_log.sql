-- Channels, and the log of each: every durable change takes the next number of its channel, without a hole, in the order of commits. A
-- message is its own entry in the log and is kept as it is now, so that what was deleted is not read there either; all other changes are
-- rows of `changes`.

create table hub.channels (
  id            uuid primary key,
  kind          text not null check (kind in ('public', 'private', 'direct', 'group')),
  name          text collate "C",
  topic         text not null default '',
  description   text not null default '',
  parties       text collate "C" unique,   -- of a direct or group channel: who is in it, so that there is one of them
  created_by    uuid references hub.users,  -- null: the hub itself
  created_at    bigint not null,
  archived_at   bigint,
  deleted_at    bigint,
  last_seq      bigint not null default 0,
  message_count bigint not null default 0,  -- of those that count as unread
  member_count  int not null default 0,
  rev           bigint not null default 1   -- counts up whenever members, roles or settings change: what was decided on an older one is decided again
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
create unique index channels_name on hub.channels (name) where name is not null and deleted_at is null;

create table hub.members (
  channel_id    uuid not null references hub.channels,
  user_id       uuid not null references hub.users,
  role          text not null check (role in ('owner', 'admin', 'member', 'observer')),
  joined_at     bigint not null,
  invited_by    uuid,
  last_read_seq bigint not null,
  read_count    bigint not null,            -- how many of the messages that count lie before `last_read_seq`
  skipped       bigint not null default 0,  -- those behind it that do not count for this member: its own, and deleted ones
  mentions      bigint not null default 0,  -- unread ones
  primary key (channel_id, user_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
create index members_user on hub.members (user_id);

create table hub.messages (
  channel_id uuid not null,
  seq        bigint not null,
  id         uuid not null unique,
  kind       text not null,
  sender_id  uuid,               -- null: the hub itself
  client_id  text collate "C",
  content    text not null,
  at         bigint not null,
  thread_id  uuid,
  reply_to   uuid,
  mentions   jsonb,
  ordinal    bigint,             -- the how-manieth it is of those that count, in its channel or in its thread
  edited_at  bigint,
  version    int not null default 1,
  deleted_at bigint,
  pinned_at  bigint,
  turn_id    text,               -- what one run of an agent belongs together by
  caused_by  uuid,
  streaming  text not null default 'none',
  model      text,
  data       jsonb,
  primary key (channel_id, seq)
) with (fillfactor = 80);
-- A client that repeats itself is answered with what it sent before.
create unique index messages_once on hub.messages (sender_id, client_id) where client_id is not null;
create index messages_thread on hub.messages (thread_id, seq) where thread_id is not null;
create index messages_pinned on hub.messages (channel_id, pinned_at) where pinned_at is not null;

create table hub.changes (
  channel_id uuid not null,
  seq        bigint not null,
  actor_id   uuid,
  at         bigint not null,
  event      jsonb not null,     -- as it is published; the text of an edit is taken from its message, as it is now
  primary key (channel_id, seq)
);

create table hub.edits (
  message_id uuid not null,
  version    int not null,
  content    text not null,
  editor_id  uuid not null,
  at         bigint not null,
  primary key (message_id, version)
);

create table hub.reactions (
  message_id uuid not null,
  emoji      text collate "C" not null,
  user_id    uuid not null,
  at         bigint not null,
  primary key (message_id, emoji, user_id)
);

create table hub.mentions (
  user_id    uuid not null,
  channel_id uuid not null,
  seq        bigint not null,
  primary key (user_id, channel_id, seq)
);

create table hub.threads (
  root_id       uuid primary key,
  channel_id    uuid not null,
  replies       bigint not null default 0,
  last_reply_at bigint,
  created_by    uuid not null,
  created_at    bigint not null
) with (fillfactor = 50);

create table hub.thread_follows (
  root_id    uuid not null,
  user_id    uuid not null,
  following  boolean not null,
  read_count bigint not null,
  skipped    bigint not null default 0,
  primary key (root_id, user_id)
) with (fillfactor = 50);
create index thread_follows_user on hub.thread_follows (user_id) where following;
