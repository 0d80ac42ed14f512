-- $1 uuid: channel   $2 uuid: user   $3 uuid: message
-- As channel_look, and whether this message of the channel is being streamed.
select c.kind, c.archived_at is not null, m.role, c.last_seq, c.rev, c.frozen_at is not null,
  exists (select from hub.mutes as q where q.channel_id = c.id and q.user_id = $2 and (q.until is null or q.until > hub.now_ms())),
  exists (select from hub.users as u where u.id = $2 and u.timeout_until > hub.now_ms()),
  exists (select from hub.messages as p where p.id = $3 and p.channel_id = c.id and p.streaming = 'open' and p.deleted_at is null)
from hub.channels as c left join hub.members as m on m.channel_id = c.id and m.user_id = $2
where c.id = $1 and c.deleted_at is null
