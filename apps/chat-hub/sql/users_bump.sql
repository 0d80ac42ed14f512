-- $1 uuid[]: users, in order
update hub.users as u set rev = u.rev + 1
from (select id from hub.users where id = any ($1) order by id for no key update) as o where u.id = o.id
