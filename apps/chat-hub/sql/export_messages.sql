-- $1 boolean: with conversations between two or a few
-- Each channel's in the order of its log. What was deleted, what the hub said and what is still being written is not among them.
select jsonb_build_object('message', hub.message_view(m))::text
from hub.channels as c join hub.messages as m on m.channel_id = c.id
where c.deleted_at is null and ($1 or c.kind in ('public', 'private'))
  and m.deleted_at is null and m.kind <> 'system' and m.streaming <> 'open'
order by m.channel_id, m.seq
