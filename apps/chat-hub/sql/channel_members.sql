-- $1 uuid: channel
select hub.member_view(m) from hub.members as m where m.channel_id = $1 order by m.joined_at, m.user_id
