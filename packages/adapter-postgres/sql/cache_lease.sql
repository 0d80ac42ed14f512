-- $1 text[]: keys   $2 text[]: tokens   $3 float8[]: ms   $4 bigint[]: versions seen (null: no record was seen)
-- Answers for each request (of two with one hash only for the first one): its ordinal (from 1), whether the lease is granted, the
-- server's clock in microseconds, for how many ms somebody else holds the key (null: nobody does), and the live record that is there
-- when it is not the one that was seen.
--
-- What stands in the way already needs no lock. The rest is decided row by row under the row's lock, by the one insert, in the order of
-- the hashes: a row may have come or changed since `found` was read, and then it stays as it is, and says so.
with given as materialized (
  select distinct on (hash) *
  from (
    select hashtextextended(key, 0) as hash, *
    from unnest($1::text[], $2::text[], $3::float8[], $4::bigint[])
      with ordinality as u (key, token, ms, seen, ordinal)
  ) as g
  order by hash, ordinal
),
found as materialized (
  select e.hash, e.bytes, e.version, e.fresh_until, e.keep_until, e.lease_token, e.lease_until
  from parley.cache_entries as e
  join given on given.hash = e.hash and given.key = e.key
  where e.hash = any (array(select hash from given))
),
hopeful as (
  select given.*
  from given left join found on found.hash = given.hash
  where (case when found.keep_until > statement_timestamp() then found.version end) is not distinct from given.seen
    and (found.lease_until > statement_timestamp() and found.lease_token <> given.token) is not true
),
tried as (
  insert into parley.cache_entries as e (hash, key, lease_token, lease_until)
  select hash, key, token,
    -- A record that was seen and is gone: nothing is granted.
    case when seen is null then statement_timestamp() + ms * interval '1 ms' end
  from hopeful
  order by hash
  on conflict (hash) do update set
    (key, bytes, version, fresh_until, keep_until, lease_token, lease_until) = (
      select
        case when allowed then given.key else e.key end,
        case when allowed and not same then null else e.bytes end,
        case when allowed and not same then null else e.version end,
        case when allowed and not same then null else e.fresh_until end,
        case when allowed and not same then null else e.keep_until end,
        case when allowed then given.token else e.lease_token end,
        case when allowed then statement_timestamp() + given.ms * interval '1 ms' else e.lease_until end
      from given
      cross join lateral (select e.key = given.key as same) as s
      cross join lateral (
        select
          case when same
            then (case when e.keep_until > statement_timestamp() then e.version end) is not distinct from given.seen
              and (e.lease_until > statement_timestamp() and e.lease_token <> given.token) is not true
            -- Another key with the same hash gives way.
            else given.seen is null
          end as allowed
      ) as a
      where given.hash = e.hash
    )
  returning e.hash, e.key, e.bytes, e.version, e.fresh_until, e.keep_until, e.lease_token, e.lease_until
),
standing as (
  select * from tried
  union all
  select given.hash, given.key, f.bytes, f.version, f.fresh_until, f.keep_until, f.lease_token, f.lease_until
  from given left join found as f on f.hash = given.hash
  where not exists (select from hopeful where hopeful.hash = given.hash)
)
select
  given.ordinal,
  granted,
  (extract(epoch from statement_timestamp()) * 1000000)::bigint,
  case when held then date_part('epoch', s.lease_until - statement_timestamp()) * 1000 end,
  case when live and not granted then encode(s.bytes, 'base64') end,
  case when live and not granted then s.version end,
  case when live and not granted then date_part('epoch', s.fresh_until - statement_timestamp()) * 1000 end
from given
join standing as s on s.hash = given.hash
cross join lateral (
  select s.key = given.key and s.keep_until > statement_timestamp() is true
) as r (live)
cross join lateral (
  select
    leased and s.lease_token <> given.token,
    leased and s.lease_token = given.token and (case when live then s.version end) is not distinct from given.seen
  from (select s.key = given.key and s.lease_until > statement_timestamp() is true) as l (leased)
) as d (held, granted)
