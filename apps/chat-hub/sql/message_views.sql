-- $1 uuid[]: messages
select m.id, hub.message_view(m) from hub.messages as m where m.id = any ($1)
