-- $1 uuid: user
-- The channels that one leaves for good; conversations stay what they are, with whom they were.
select m.channel_id from hub.members as m join hub.channels as c on c.id = m.channel_id
where m.user_id = $1 and c.kind in ('public', 'private') order by m.channel_id
