-- $1 uuid: channel   $2 bigint: the rev that the messages were allowed on   $3 jsonb: messages
-- Without a number: its sender is in a time-out.
select nth, seq, id, at, channel_id, again from hub.append($1, $2, $3)
