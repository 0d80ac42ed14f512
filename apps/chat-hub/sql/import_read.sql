-- $1 uuid: channel
-- What was written elsewhere is no news to those who wrote it there.
with members as (
  update hub.members as m set last_read_seq = c.last_seq, read_count = c.message_count, skipped = 0, mentions = 0
  from hub.channels as c where c.id = $1 and m.channel_id = $1
)
update hub.thread_follows as o set read_count = t.replies, skipped = 0
from hub.threads as t where t.channel_id = $1 and o.root_id = t.root_id
