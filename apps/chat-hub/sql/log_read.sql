-- $1 uuid: channel   $2 bigint: behind this number   $3 int: how many
-- Answers the entries of the log in order: number, moment, who, event.
select e.seq, e.at, e.actor, e.event from (
  (
    select m.seq, m.at, m.sender_id as actor,
      case when m.thread_id is null then
        jsonb_build_object('type', 'channel.message', 'channelId', m.channel_id, 'message', hub.message_view(m))
      else
        jsonb_build_object(
          'type', 'thread.message', 'channelId', m.channel_id, 'message', hub.message_view(m),
          'threadId', m.thread_id, 'thread', hub.thread_of(m.thread_id)
        )
      end as event
    from hub.messages as m where m.channel_id = $1 and m.seq > $2 order by m.seq limit $3
  )
  union all
  (
    select c.seq, c.at, c.actor_id, case
      -- The text is not kept here: it may have been edited away or deleted since.
      when c.event ->> 'type' = 'channel.message.edit' then
        jsonb_build_object('type', 'channel.message.edit', 'channelId', c.channel_id, 'message', (
          select hub.message_view(m) from hub.messages as m where m.id = (c.event ->> 'messageId')::uuid
        ))
      else c.event
    end
    from hub.changes as c where c.channel_id = $1 and c.seq > $2 order by c.seq limit $3
  )
) as e
order by e.seq limit $3
