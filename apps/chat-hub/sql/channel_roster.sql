-- $1 uuid: channel
-- The channel and who is in it, in one moment: what a message is allowed and addressed by.
select c.kind, c.archived_at is not null, c.rev, coalesce(
  (select jsonb_agg(jsonb_build_array(u.id, m.role, u.handle, u.role) order by u.handle)
   from hub.members as m join hub.users as u on u.id = m.user_id where m.channel_id = c.id and u.deactivated_at is null),
  '[]'
)
from hub.channels as c where c.id = $1 and c.deleted_at is null
