select 1 from hub.users as u where u.id = $1::uuid and u.deactivated_at is not null
