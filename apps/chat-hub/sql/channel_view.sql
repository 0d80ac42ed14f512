-- $1 uuid: channel
select hub.channel_view(c) from hub.channels as c where c.id = $1 and c.deleted_at is null
