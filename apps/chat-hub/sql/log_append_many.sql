-- $1 uuid[]: channels   $2 bigint[]: the rev of each that its messages were allowed on   $3 jsonb: messages, each with the place of its channel
-- Without a number: its sender is in a time-out or, where `busy` says so, somebody else holds the channel.
select nth, seq, id, at, channel_id, again, busy from hub.append_many($1, $2, $3)
