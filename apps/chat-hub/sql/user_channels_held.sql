-- $1 uuid: user
-- Waits until nothing is being added to the channels of a user by somebody who looked before this statement began.
select 1 from hub.channels as c
where c.id in (select m.channel_id from hub.members as m where m.user_id = $1::uuid) order by c.id for share
