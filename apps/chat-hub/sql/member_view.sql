-- $1 uuid: channel   $2 uuid: user
select hub.member_view(m) from hub.members as m where m.channel_id = $1 and m.user_id = $2
