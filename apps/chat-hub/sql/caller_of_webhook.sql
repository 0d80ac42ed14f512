-- $1 bytea: hash of the secret
-- In whose name an incoming webhook writes, and where. In a time-out somebody is what an observer is.
select u.id, u.handle, u.kind, case when u.timeout_until > hub.now_ms() then 'observer' else u.role end, u.rev, w.id, w.channel_id, w.name
from hub.incoming_webhooks as w join hub.users as u on u.id = w.user_id
where w.hash = $1::bytea and u.deactivated_at is null
