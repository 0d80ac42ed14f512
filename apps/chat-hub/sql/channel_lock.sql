-- $1 uuid: channel   $2 uuid: user
-- As channel_look, and nobody else changes the channel until the transaction ends.
select c.kind, c.archived_at is not null, (select m.role from hub.members as m where m.channel_id = c.id and m.user_id = $2), c.last_seq, c.rev,
  c.frozen_at is not null,
  exists (select from hub.mutes as q where q.channel_id = c.id and q.user_id = $2 and (q.until is null or q.until > hub.now_ms())),
  exists (select from hub.users as u where u.id = $2 and u.timeout_until > hub.now_ms())
from hub.channels as c where c.id = $1 and c.deleted_at is null for no key update
