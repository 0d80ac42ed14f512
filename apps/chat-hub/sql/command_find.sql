-- $1 uuid: channel   $2 text: name
-- A command whose user is there, and in the channel.
select c.id, c.user_id, c.url, c.secret
from hub.commands as c join hub.users as u on u.id = c.user_id join hub.members as m on m.channel_id = c.channel_id and m.user_id = c.user_id
where c.channel_id = $1::uuid and c.name = $2::text and u.deactivated_at is null
