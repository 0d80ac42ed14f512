-- What clients are shown of rows. Written once, here, so that a page, a log that is read again and an answer never differ.

create function hub.reactions_of(message uuid) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('emoji', r.emoji, 'userIds', r.users) order by r.first, r.emoji), '[]')
  from (
    select emoji, jsonb_agg(user_id order by at, user_id) as users, min(at) as first
    from hub.reactions where message_id = message group by emoji
  ) as r
$$;

create function hub.thread_of(root uuid) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'replies', t.replies, 'lastReplyAt', t.last_reply_at,
    'participants', coalesce((
      select jsonb_agg(p.sender_id order by p.latest desc)
      from (
        select sender_id, max(seq) as latest from hub.messages
        where thread_id = root and sender_id is not null and deleted_at is null group by sender_id order by 2 desc limit 5
      ) as p
    ), '[]')
  )
  from hub.threads as t where t.root_id = root
$$;

-- A message as it is now. Whoever replays a log from some place meets it in this form, and then what happened to it since: all of that says what
-- is, not what to add, so that it leads to the same. Nothing that was edited away or deleted comes back.
create function hub.message_view(m hub.messages) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', m.id, 'channelId', m.channel_id, 'seq', m.seq, 'kind', m.kind, 'senderId', m.sender_id,
    'content', case when m.deleted_at is null then m.content else '' end,
    'timestamp', m.at, 'threadId', m.thread_id, 'replyTo', m.reply_to,
    'mentions', coalesce(m.mentions, '{"users":[],"roles":[],"here":false}'),
    'reactions', case when m.deleted_at is null then hub.reactions_of(m.id) else '[]' end,
    'editedAt', m.edited_at, 'deletedAt', m.deleted_at, 'pinnedAt', m.pinned_at, 'thread', hub.thread_of(m.id),
    'turnId', m.turn_id, 'causedBy', m.caused_by, 'streaming', m.streaming, 'model', m.model,
    'data', case when m.deleted_at is null then m.data end, 'clientId', m.client_id
  )
$$;

create function hub.channel_view(c hub.channels) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', c.id, 'kind', c.kind, 'name', c.name, 'topic', c.topic, 'description', c.description, 'createdBy', c.created_by,
    'createdAt', c.created_at, 'archivedAt', c.archived_at, 'seq', c.last_seq, 'rev', c.rev, 'memberCount', c.member_count
  )
$$;

create function hub.member_view(m hub.members) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'channelId', m.channel_id, 'userId', m.user_id, 'role', m.role, 'joinedAt', m.joined_at, 'invitedBy', m.invited_by
  )
$$;

create function hub.user_view(u hub.users) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', u.id, 'kind', u.kind, 'handle', u.handle, 'displayName', u.display_name, 'avatar', u.avatar, 'bio', u.bio, 'role', u.role,
    'ownerId', u.owner_id, 'model', u.model, 'capabilities', u.capabilities, 'createdAt', u.created_at, 'deactivatedAt', u.deactivated_at
  )
$$;
