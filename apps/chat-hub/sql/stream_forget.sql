-- What was noted of messages that have ended.
delete from hub.streams as s using hub.messages as m where m.id = s.message_id and m.streaming <> 'open'
