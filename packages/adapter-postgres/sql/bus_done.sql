-- $1 text[]: queues   $2 text[]: ids   $3 text[]: tokens, in the order of queues and ids, which is that of all who lock jobs
-- Ends jobs that are done; answers the ordinals (from 1) of the leases that were held.
delete from parley.bus_jobs as j
using unnest((select $1::text[]), (select $2::text[]), (select $3::text[])) with ordinality as u (queue, id, token, ordinal)
where j.queue = u.queue and j.id = u.id and j.token = u.token
returning u.ordinal
