-- What clients are shown of rows. Written once, here, so that a page, a log that is read again and an answer never differ.

-- A message as it was when it was new, but for its text: replaying what came after it leads to what it is now, and nothing that was edited
-- away or deleted comes back.
create function hub.message_new(m hub.messages) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', m.id, 'channelId', m.channel_id, 'seq', m.seq, 'kind', m.kind, 'senderId', m.sender_id,
    'content', case when m.deleted_at is null then m.content else '' end,
    'timestamp', m.at, 'threadId', m.thread_id, 'replyTo', m.reply_to,
    'mentions', coalesce(m.mentions, '{"users":[],"roles":[],"here":false}'),
    'reactions', '[]'::jsonb, 'editedAt', m.edited_at, 'deletedAt', m.deleted_at, 'pinnedAt', null, 'thread', null,
    'turnId', m.turn_id, 'causedBy', m.caused_by, 'streaming', m.streaming, 'model', m.model,
    'data', case when m.deleted_at is null then m.data end, 'clientId', m.client_id
  )
$$;

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
        where thread_id = root and sender_id is not null group by sender_id order by 2 desc limit 5
      ) as p
    ), '[]')
  )
  from hub.threads as t where t.root_id = root
$$;

-- A message as it is.
create function hub.message_view(m hub.messages) returns jsonb language sql stable as $$
  select hub.message_new(m) || jsonb_build_object(
    'reactions', case when m.deleted_at is null then hub.reactions_of(m.id) else '[]' end,
    'pinnedAt', m.pinned_at, 'thread', hub.thread_of(m.id)
  )
$$;
