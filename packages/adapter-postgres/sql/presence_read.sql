-- $1 text[]: channels   $2 text[]: epochs, $3 bigint[]: offsets that are known already (null: nothing is)   $4 bigint[]: members at the most
-- Answers first the epoch (ordinal 0), then for each request that finds a channel how it stands, and diffs or members.
-- Nothing at all: there is no epoch yet.
with here as materialized (
  select e.epoch from (select parley.presence_epoch() as epoch) as e where e.epoch is not null
),
found as materialized (
  select
    u.ordinal, u.place, u.most, c.id, c.top, c.at, c.users, c.entries, c.nonce || '.' || here.epoch as epoch,
    -- Who found no channel there knows all that came before the first diff of this one.
    coalesce(
      (u.epoch = c.nonce || '.' || here.epoch or (u.epoch = '' and u.place = 0)) and u.place between c.floor and c.top, false
    ) as follows
  -- Sub-selects hide how many there are: a plan for just that number seems better each time, and is not worth making.
  from unnest((select $1::text[]), (select $2::text[]), (select $3::bigint[]), (select $4::bigint[]))
    with ordinality as u (channel, epoch, place, most, ordinal)
  cross join here
  join parley.presence_channels as c on c.channel = u.channel
)
select
  0::bigint as ordinal, here.epoch, null as event, null::bigint as place, null::bigint as at, null as username, null::smallint as rank,
  null as value, null::float8 as ends, null::int as users, null::int as entries
from here
union all
select
  f.ordinal, f.epoch, case when f.follows then 'diffs' else 'members' end, f.top,
  coalesce(floor(extract(epoch from f.at) * 1000)::bigint, 0), null, null, null, null, f.users, f.entries
from found as f
union all
select
  f.ordinal, null, d.event, d.place, floor(extract(epoch from d.at) * 1000)::bigint, d.username, d.rank, d.value,
  parley.presence_ms(statement_timestamp(), d.until), null, null
from found as f
join parley.presence_diffs as d on d.channel = f.id and d.place > f.place
where f.follows
union all
select
  f.ordinal, null, null, null, null, m.username, m.rank, m.value,
  parley.presence_ms(statement_timestamp(), m.until), null, null
from found as f
cross join lateral (
  select distinct on (e.username) e.username, e.rank, e.value, e.until from parley.presence_entries as e
  where e.channel = f.id
  order by e.username, e.rank desc, e.nth desc
  limit f.most
) as m
where not f.follows
order by ordinal, epoch nulls last, place
