-- $1 uuid: channel   $2 uuid: user   $3 text: a level, or none
-- Nothing when it was so already.
update hub.members set notify = $3 where channel_id = $1 and user_id = $2 and notify is distinct from $3 returning user_id
