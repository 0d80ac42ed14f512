-- $1 uuid: user   $2 text: a level, or none
-- Nothing when it was so already.
update hub.users set notify = $2 where id = $1 and notify is distinct from $2 returning id
