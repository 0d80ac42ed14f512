-- $1 uuid: user
select m.channel_id, m.last_read_seq, c.message_count - m.read_count - m.skipped, m.mentions, c.last_seq
from hub.members as m join hub.channels as c on c.id = m.channel_id
where m.user_id = $1 and c.deleted_at is null
