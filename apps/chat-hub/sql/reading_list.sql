-- $1 uuid: user
-- What the user has chosen in general, and each channel; one row without a channel when there is none.
select u.notify, r.channel_id, r.last_read_seq, r.unread, r.mentions, r.last_seq, r.notify
from hub.users as u left join lateral (
  select m.channel_id, m.last_read_seq, c.message_count - m.read_count - m.skipped as unread, m.mentions, c.last_seq, m.notify
  from hub.members as m join hub.channels as c on c.id = m.channel_id
  where m.user_id = u.id and c.deleted_at is null
) as r on true
where u.id = $1
