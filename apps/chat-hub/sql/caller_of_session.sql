-- Who has a session of this era.
select u.id, u.handle, u.kind, u.role, u.rev
from hub.users as u
where u.id = $1::uuid and u.sessions_era = $2::bigint and u.deactivated_at is null
