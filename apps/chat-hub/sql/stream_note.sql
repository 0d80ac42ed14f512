-- $1 jsonb: [{"id", "content", "age"}] of messages of which something was heard, so many milliseconds ago
-- Answers those that are still being streamed. Text only grows: an author who went from node to node is remembered by several, and who knows less
-- may note it last.
insert into hub.streams as s (message_id, content, heard_at)
select m.id, g.content, hub.now_ms() - g.age
from jsonb_to_recordset($1) as g (id uuid, content text, age bigint) join hub.messages as m on m.id = g.id
where m.streaming = 'open' order by m.id
on conflict (message_id) do update set
  content = case when length(excluded.content) >= length(s.content) then excluded.content else s.content end,
  heard_at = greatest(excluded.heard_at, s.heard_at), unheard = false
returning s.message_id
