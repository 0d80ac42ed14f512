-- $1 bigint: milliseconds   $2 bigint: how many more for one that has said nothing yet   $3 bigint: how many more for one of which nothing is noted
-- $4 uuid: this message alone; null: any
-- Messages of which nothing was heard for so long, with their channels, as much of their text as was, and whether they have files. Of what is
-- streamed at a node of a build that notes nothing nobody knows how long it has been silent.
select m.id, m.channel_id, coalesce(s.content, m.content), exists (select from hub.attachments as a where a.message_id = m.id)
from hub.messages as m
  join hub.channels as c on c.id = m.channel_id
  left join hub.streams as s on s.message_id = m.id
where m.streaming = 'open' and c.deleted_at is null and ($4::uuid is null or m.id = $4)
  and coalesce(s.heard_at + case when s.unheard and s.content !~ '\S' then $2::bigint else 0 end, m.at + $3::bigint) < hub.now_ms() - $1::bigint
limit 50
