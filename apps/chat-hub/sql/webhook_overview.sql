-- $1 uuid: the last one of the page before, or none   $2 int: how many
-- Webhooks of all channels, in and out, the latest first.
(
  select w.id, w.channel_id, 'in', w.name, w.user_id, null, w.created_by, w.created_at
  from hub.incoming_webhooks as w join hub.channels as c on c.id = w.channel_id
  where c.deleted_at is null and ($1::uuid is null or w.id < $1::uuid) order by w.id desc limit $2::int
)
union all
(
  select w.id, w.channel_id, 'out', w.name, null, w.url, w.created_by, w.created_at
  from hub.webhooks as w join hub.channels as c on c.id = w.channel_id
  where w.deleted_at is null and c.deleted_at is null and ($1::uuid is null or w.id < $1::uuid) order by w.id desc limit $2::int
)
order by 1 desc limit $2::int
