-- $1 uuid: channel   $2 uuid: user   $3 bigint: read up to here
-- Answers where the marker is, what is unread, and whether it moved.
select last_read_seq, unread, mentions, moved from hub.mark($1, $2, $3)
