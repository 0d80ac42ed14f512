-- $1 uuid: channel   $2 bigint: the rev that the messages were allowed on   $3 jsonb: messages, of which some have files or are being streamed
-- As log_append. The files are those of their messages from the same moment on, and of each stream its beginning is noted with it: one without a note
-- is taken for that of a build which notes none.
with placed as (
  select nth, seq, id, at, channel_id, again from hub.append_with_files($1, $2, $3)
), noted as (
  insert into hub.streams (message_id, content, heard_at, unheard)
  select p.id, g.content, p.at, true
  from placed as p join jsonb_to_recordset($3) as g (nth int, content text, streaming text) on g.nth = p.nth
  where g.streaming = 'open' and p.seq is not null and not p.again
)
select nth, seq, id, at, channel_id, again from placed
