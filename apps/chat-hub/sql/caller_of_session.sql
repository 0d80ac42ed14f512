-- Who has a session of this era. In a time-out somebody is what an observer is.
select u.id, u.handle, u.kind, case when u.timeout_until > hub.now_ms() then 'observer' else u.role end, u.rev
from hub.users as u
where u.id = $1::uuid and u.sessions_era = $2::bigint and u.deactivated_at is null
