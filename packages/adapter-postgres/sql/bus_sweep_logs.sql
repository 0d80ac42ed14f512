-- $1 bigint: the log to go on behind   $2 int: how many logs to look at   $3 bigint: how many records of each to remove at the most
-- Answers the logs; for each up to where it is forgotten by age (null: nothing new), up to where records are to be removed (null: none), and
-- whether it is to be given up altogether: empty, and not written for long. What is kept for days goes with its whole day, unless others
-- keep theirs for much longer.
with looked as materialized (
  select c.id, c.top, c.keep_ms, c.at as written, greatest(c.floor, c.top - c.keep_count) as counted
  from parley.bus_channels as c where c.id > $1::bigint order by c.id limit $2::int
),
first as (
  select looked.*, r.place, r.at,
    (
      select r.at from parley.bus_records as r where r.channel = looked.id and r.place > looked.counted order by r.place limit 1
    ) as oldest_at
  from looked
  left join lateral (
    select r.place, r.at from parley.bus_records as r where r.channel = looked.id order by r.place limit 1
  ) as r on true
),
judged as (
  select first.*,
    case when oldest_at < statement_timestamp() - keep_ms * interval '1 ms'
      then parley.bus_place_before(id, counted, top, statement_timestamp() - keep_ms * interval '1 ms')
      else counted
    end as forgotten
  from first
)
select
  id,
  case when forgotten > counted then forgotten end,
  case when place <= removable then least(removable, place - 1 + $3::bigint) end,
  place is null and written < statement_timestamp() - greatest(interval '30 days', 2 * keep_ms * interval '1 ms')
from judged
cross join lateral (
  select case
    when keep_ms < 172800000 or forgotten = counted then forgotten
    else parley.bus_place_before(id, counted, forgotten, statement_timestamp() - (keep_ms + 172800000) * interval '1 ms')
  end
) as r (removable)
order by id
