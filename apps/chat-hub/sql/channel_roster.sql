-- $1 uuid: channel
-- The channel and who is in it, in one moment: what a message is allowed and addressed by. Whether somebody who was muted still is, is looked at
-- when they send.
select c.kind, c.archived_at is not null, c.rev, coalesce(
  (select jsonb_agg(jsonb_build_array(u.id, m.role, u.handle, u.role, exists (
    select from hub.mutes as q where q.channel_id = m.channel_id and q.user_id = m.user_id
  )) order by u.handle)
   from hub.members as m join hub.users as u on u.id = m.user_id where m.channel_id = c.id and u.deactivated_at is null),
  '[]'
), c.frozen_at is not null, c.slow_seconds
from hub.channels as c where c.id = $1 and c.deleted_at is null
