-- $1 uuid[]: channels
select c.id, c.last_seq from hub.channels as c where c.id = any ($1)
