-- $1 text: lease   $2 float8: for how many ms
-- Answers whether it is held, and the epoch. Nothing at all: there is none yet.
with renewed as (
  update parley.presence_leases as l set until = clock_timestamp() + $2::float8 * interval '1 ms'
  where l.lease = $1 and l.until > clock_timestamp()
  returning l.lease
)
select exists (select from renewed), here.epoch
from (select parley.presence_epoch() as epoch) as here where here.epoch is not null
