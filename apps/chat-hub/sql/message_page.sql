-- $1 uuid: channel   $2 bigint: before this number   $3 bigint: behind this one   $4 int: how many   $5 boolean: the last of them, or the first
-- Answers the head of the log and, as JSON, the messages outside of threads, in order.
select c.last_seq, coalesce((
  select jsonb_agg(hub.message_view(p) order by p.seq) from (
    (
      select m.* from hub.messages as m
      where $5 and m.channel_id = $1 and m.seq < $2 and m.seq > $3 and m.thread_id is null order by m.seq desc limit $4
    )
    union all
    (
      select m.* from hub.messages as m
      where not $5 and m.channel_id = $1 and m.seq < $2 and m.seq > $3 and m.thread_id is null order by m.seq limit $4
    )
  ) as p
), '[]')
from hub.channels as c where c.id = $1
