-- $1 int: how many
-- What is still open in channels that are deleted, as a node of a build before leaves it. As streams_dropped.
with ended as (
  update hub.messages as m set streaming = 'cut', cut_at = hub.now_ms()
  where m.id in (
    select o.id from hub.messages as o join hub.channels as c on c.id = o.channel_id
    where o.streaming = 'open' and c.deleted_at is not null limit $1::int for update of o skip locked
  ) and m.streaming = 'open'
  returning m.id
)
delete from hub.streams as s using ended as e where s.message_id = e.id
