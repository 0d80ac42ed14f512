-- $1 uuid: channel   $2 bigint: behind this number   $3 int: how many
-- Answers the entries of the log in order: number, moment, who, event.
select e.seq, e.at, e.actor, e.event from (
  (
    select m.seq, m.at, m.sender_id as actor, jsonb_build_object(
      'type', case when m.thread_id is null then 'channel.message' else 'thread.message' end,
      'channelId', m.channel_id, 'message', hub.message_new(m)
    ) as event
    from hub.messages as m where m.channel_id = $1 and m.seq > $2 order by m.seq limit $3
  )
  union all
  (
    select c.seq, c.at, c.actor_id, case
      when c.event ->> 'type' = 'channel.message.edit' then c.event || (
        select jsonb_build_object('message', hub.message_new(m)) from hub.messages as m where m.id = (c.event ->> 'messageId')::uuid
      )
      else c.event
    end
    from hub.changes as c where c.channel_id = $1 and c.seq > $2 order by c.seq limit $3
  )
) as e
order by e.seq limit $3
