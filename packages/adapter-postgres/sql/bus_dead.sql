-- $1 text: queue   $2 text: the job to go on behind (null, or one that is not there: none)   $3 int: how many
select id, body, attempts, reason, floor(extract(epoch from at) * 1000)::bigint
from parley.bus_dead_jobs
where queue = $1 and seq > coalesce((select max(d.seq) from parley.bus_dead_jobs as d where d.queue = $1 and d.id = $2::text), 0)
order by seq
limit $3::int
