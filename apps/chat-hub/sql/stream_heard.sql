-- $1 uuid: message that is being streamed
-- As much of its text as is known to the database.
select coalesce(s.content, m.content) from hub.messages as m left join hub.streams as s on s.message_id = m.id where m.id = $1
