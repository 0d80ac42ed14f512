-- $1 uuid[]: files   $2 uuid: channel   $3 uuid: who sends   $4 bigint: kept until   $5 int: how many messages may have one
-- Those that this user may give a message of this channel, and whether so many have it already. They stay long enough to be sent. Whoever takes
-- several takes them in the same order, so that no two wait for each other.
with held as (
  select f.id from hub.files as f
  where f.id = any ($1) and f.channel_id = $2 and f.user_id = $3 and f.state = 'ready' and f.deleted_at is null
  order by f.id for no key update
)
update hub.files as f set kept_until = case when f.kept_until is not null then $4::bigint end
from held as h where f.id = h.id
returning f.id, hub.file_view(f), (
  select count(*) from (select from hub.attachments as a where a.file_id = f.id limit $5::int) as every
) >= $5::int
