-- $1 uuid: channel   $2 uuid: user
-- Up to where somebody has read; right after they came in that is before they came.
select last_read_seq from hub.members where channel_id = $1 and user_id = $2
