-- Who brings a token, by its hash or, when it is looked at anew, by its id. Nobody: it was never made, was revoked or has ended, or its user
-- was deactivated. In a time-out somebody is what an observer is. The clock is that of the database, one for all nodes.
select u.id, u.handle, u.kind, case when u.timeout_until > hub.now_ms() then 'observer' else u.role end, u.rev, t.id,
  array_to_string(t.scopes, ' '), t.expires_at
from hub.tokens as t join hub.users as u on u.id = t.user_id
where (t.hash = $1::bytea or t.id = $2::uuid)
  and t.revoked_at is null and u.deactivated_at is null
  and (t.expires_at is null or t.expires_at > extract(epoch from clock_timestamp()) * 1000)
