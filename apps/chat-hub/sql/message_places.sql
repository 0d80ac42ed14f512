-- $1 uuid[]: messages
-- Where they are, and what may refer to them.
select m.id, m.channel_id, m.thread_id, m.kind, m.deleted_at is not null, m.sender_id, m.streaming, m.seq, m.ordinal is not null
from hub.messages as m where m.id = any ($1)
