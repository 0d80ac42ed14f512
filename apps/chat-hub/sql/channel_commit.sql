-- $1 uuid: channel   $2 uuid: who   $3 jsonb: events   $4 boolean: whether members, roles or settings changed
-- Gives events their numbers. The channel is locked already.
with head as (
  update hub.channels as c set last_seq = c.last_seq + jsonb_array_length($3::jsonb), rev = c.rev + case when $4 then 1 else 0 end
  where c.id = $1 returning c.last_seq
)
insert into hub.changes (channel_id, seq, actor_id, at, event)
select $1, head.last_seq - jsonb_array_length($3::jsonb) + e.nth, $2, floor(extract(epoch from clock_timestamp()) * 1000), e.event
from head, jsonb_array_elements($3::jsonb) with ordinality as e (event, nth)
returning seq, at
