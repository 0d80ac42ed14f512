-- $1 text[]: channels
-- Empties the logs and gives them new epochs, which are answered. What was being appended until just now may not be seen here: it stays
-- behind under the old number of its log, where nobody looks.
with locked as materialized (
  select id from parley.bus_channels where channel = any ($1::text[]) order by channel for update
),
emptied as (
  delete from parley.bus_records where channel = any (array(select id from locked))
),
forgotten as (
  delete from parley.bus_once where scope = any (array(select 'log ' || id from locked))
)
update parley.bus_channels as c set
  id = default, nonce = left(replace(gen_random_uuid()::text, '-', ''), 12), history = here.number, lineage = '{}', top = 0, floor = 0, wide = false
from parley.bus_histories as here
where c.id = any (array(select id from locked))
  and here.started = pg_postmaster_start_time() and here.home = 'parley.bus_channels'::regclass
returning c.channel, c.nonce || '.' || here.nonce
