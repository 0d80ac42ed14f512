-- $1 uuid: channel
select hub.message_view(m) from hub.messages as m where m.channel_id = $1 and m.pinned_at is not null order by m.pinned_at desc limit 200
