-- $1 int: rows of each kind at the most   $2 float8: ms that a parcel has to be fetched
-- Removes what has expired; answers how many rows.
with keys as (
  delete from parley.bus_once where ctid = any (
    array(select ctid from parley.bus_once where until < statement_timestamp() order by until limit $1::int for update skip locked)
  ) returning 1
),
fences as (
  delete from parley.bus_fences where ctid = any (
    array(select ctid from parley.bus_fences where until < statement_timestamp() limit $1::int for update skip locked)
  ) returning 1
),
parcels as (
  delete from parley.bus_parcels where ctid = any (
    array(
      select ctid from parley.bus_parcels where at < statement_timestamp() - $2::float8 * interval '1 ms'
      limit $1::int for update skip locked
    )
  ) returning 1
),
takes as (
  delete from parley.bus_takes where ctid = any (
    array(select ctid from parley.bus_takes where until < statement_timestamp() limit $1::int for update skip locked)
  ) returning 1
)
select (select count(*) from keys) + (select count(*) from fences) + (select count(*) from parcels) + (select count(*) from takes)
