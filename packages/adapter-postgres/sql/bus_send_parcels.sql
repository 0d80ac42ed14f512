-- $1 text: channel of notices   $2 text[]: notices   $3 text[], $4 text[]: ids and bodies of parcels that they name
with kept as (
  insert into parley.bus_parcels (id, body) select u.id, u.body from unnest($3::text[], $4::text[]) as u (id, body)
)
select pg_notify($1, notice) from unnest((select $2::text[])) as u (notice)
