-- $1 text[]: ids
select id, body from parley.bus_parcels where id = any ($1::text[])
