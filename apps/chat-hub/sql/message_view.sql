-- $1 uuid: message
select hub.message_view(m) from hub.messages as m where m.id = $1
