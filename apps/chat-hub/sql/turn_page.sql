-- $1 uuid: channel   $2 text: turn   $3 bigint: behind this number   $4 int: how many
select hub.message_view(m) from hub.messages as m
where m.channel_id = $1 and m.turn_id = $2 and m.seq > $3 order by m.seq limit $4
