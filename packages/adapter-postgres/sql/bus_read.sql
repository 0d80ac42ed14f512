-- $1 text[]: channels   $2 text[]: epochs (null: from the oldest)   $3 bigint[]: offsets to read behind   $4 bigint[]: records at the most
-- $5 int: bytes for each, after which no record is begun
-- Answers for each request that finds a log first where it stands, then its records. Nothing at all: this server has no history yet.
with here as materialized (
  select number, nonce from parley.bus_histories
  where started = pg_postmaster_start_time() and home = 'parley.bus_channels'::regclass
),
found as materialized (
  select
    u.ordinal, u.epoch as asked, u.place, u.most, c.id, c.top, c.nonce, c.nonce || '.' || here.nonce as epoch,
    greatest(c.floor, c.top - c.keep_count) as floor,
    statement_timestamp() - c.keep_ms * interval '1 ms' as kept_from,
    case when c.history = here.number then c.lineage else parley.bus_lineage(c, here.number) end as lineage
  -- Sub-selects hide how many there are: a plan for just that number seems better each time, and is not worth making.
  from unnest((select $1::text[]), (select $2::text[]), (select $3::bigint[]), (select $4::bigint[]))
    with ordinality as u (channel, epoch, place, most, ordinal)
  cross join here
  join parley.bus_channels as c on c.channel = u.channel
),
pages as materialized (
  select
    found.*,
    coalesce(
      (
        select r.place from parley.bus_records as r
        where r.channel = found.id and r.place > found.floor and r.at >= found.kept_from
        order by r.place limit 1
      ),
      found.top + 1
    ) as oldest
  from found
)
select ordinal, epoch, top, oldest, array_to_string(lineage, ' '), null as at, null as id, null as body
from pages
union all
select pages.ordinal, null, r.place, null, null, floor(extract(epoch from r.at) * 1000)::bigint, r.id, r.body
from pages
cross join lateral (
  select r.*, sum(octet_length(r.body)) over (order by r.place) - octet_length(r.body) as bytes_before
  from (
    select r.place, r.at, r.id, r.body from parley.bus_records as r
    where r.channel = pages.id and r.place > greatest(coalesce(pages.place, 0), pages.oldest - 1)
    order by r.place
    limit pages.most
  ) as r
) as r
where (pages.asked is null or pages.asked = pages.epoch) and r.bytes_before < $5::int
order by ordinal, epoch nulls last, top
