-- $1 int: of how many users at the most
-- $2 float8: up to when (ms since 1970); null: whenever. What lay here while the server stood still takes out nothing.
-- Answers diffs, and at last the ms until the next thing ends, with the time. Nothing at all: there is no epoch yet, and nothing was changed.
select
  channel, epoch, username, event, place, at, rank, value, ends, next_ms, removed,
  (extract(epoch from clock_timestamp()) * 1000)::float8 as moment
from parley.presence_reap(
  case when $2::float8 is null or extract(epoch from clock_timestamp()) * 1000 <= $2::float8 then $1::int else 0 end
)
