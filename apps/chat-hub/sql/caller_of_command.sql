-- $1 uuid: command
-- In whose name a command answers. In a time-out somebody is what an observer is.
select u.id, u.handle, u.kind, case when u.timeout_until > hub.now_ms() then 'observer' else u.role end, u.rev
from hub.commands as c join hub.users as u on u.id = c.user_id
where c.id = $1::uuid and u.deactivated_at is null
