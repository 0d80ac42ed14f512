-- $1 text[]: leases
with ending as materialized (
  select l.lease from parley.presence_leases as l where l.lease = any ($1::text[]) order by l.lease for update
)
update parley.presence_leases as l set until = least(l.until, clock_timestamp() - interval '1 min')
from ending where l.lease = ending.lease
