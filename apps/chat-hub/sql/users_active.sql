-- $1 uuid[]: users
select u.id, u.role from hub.users as u where u.id = any ($1) and u.deactivated_at is null
