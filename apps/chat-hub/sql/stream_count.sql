-- $1 uuid: author   $2 jsonb: names that its program gave to messages
-- How many of its messages are being streamed, and which of these names belong to messages that are there.
select
  (select count(*) from hub.messages as m where m.sender_id = $1 and m.streaming = 'open'),
  coalesce((
    select jsonb_agg(m.client_id) from hub.messages as m
    where m.sender_id = $1 and m.client_id = any (array(select jsonb_array_elements_text($2)))
  ), '[]')
