-- What moderators do: freeze a channel, slow it down, mute a member of it, and let a user do nothing for a time.

alter table hub.channels
  add frozen_at    bigint,                  -- since when only people write
  add slow_seconds int not null default 0;  -- between two messages of one member

-- Who reads in a channel and does not write. Apart from members, so that nobody leaves and comes back to speak.
create table hub.mutes (
  channel_id uuid not null,
  user_id    uuid not null,
  at         bigint not null,
  until      bigint,                        -- null: until somebody says so
  primary key (channel_id, user_id)
);

alter table hub.users add timeout_until bigint;
create index users_timeout on hub.users (timeout_until) where timeout_until is not null;

-- Whose turn it is in a channel that was slowed down.
create table hub.turns (
  channel_id uuid not null,
  user_id    uuid not null,
  next_at    bigint not null,
  client_id  text collate "C",              -- of the message that took the last turn: sent again, it takes none
  primary key (channel_id, user_id)
) with (fillfactor = 50);

create function hub.now_ms() returns bigint language sql volatile as $$
  select floor(extract(epoch from clock_timestamp()) * 1000)::bigint
$$;

create or replace function hub.channel_view(c hub.channels) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', c.id, 'kind', c.kind, 'name', c.name, 'topic', c.topic, 'description', c.description, 'createdBy', c.created_by,
    'createdAt', c.created_at, 'archivedAt', c.archived_at, 'seq', c.last_seq, 'rev', c.rev, 'memberCount', c.member_count,
    'frozenAt', c.frozen_at, 'slowSeconds', c.slow_seconds
  )
$$;

create or replace function hub.member_view(m hub.members) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'channelId', m.channel_id, 'userId', m.user_id, 'role', m.role, 'joinedAt', m.joined_at, 'invitedBy', m.invited_by,
    'muted', (
      select jsonb_build_object('at', q.at, 'until', q.until) from hub.mutes as q
      where q.channel_id = m.channel_id and q.user_id = m.user_id and (q.until is null or q.until > hub.now_ms())
    )
  )
$$;

create or replace function hub.user_view(u hub.users) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', u.id, 'kind', u.kind, 'handle', u.handle, 'displayName', u.display_name, 'avatar', u.avatar, 'bio', u.bio, 'role', u.role,
    'ownerId', u.owner_id, 'model', u.model, 'capabilities', u.capabilities, 'createdAt', u.created_at, 'deactivatedAt', u.deactivated_at,
    'timeoutUntil', case when u.timeout_until > hub.now_ms() then u.timeout_until end
  )
$$;
