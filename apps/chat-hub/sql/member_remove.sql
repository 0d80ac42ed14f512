-- $1 uuid: channel   $2 uuid: user
-- Nothing when they are not in.
with gone as (
  delete from hub.members as m where m.channel_id = $1 and m.user_id = $2 returning m.user_id
), forgotten as (
  delete from hub.mentions as n using gone as g where n.user_id = g.user_id and n.channel_id = $1
)
update hub.channels as c set member_count = c.member_count - 1 from gone where c.id = $1 returning c.member_count
