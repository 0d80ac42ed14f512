-- $1 uuid: user
select c.id, c.last_seq from hub.members as m join hub.channels as c on c.id = m.channel_id where m.user_id = $1 and c.deleted_at is null
