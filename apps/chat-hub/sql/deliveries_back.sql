-- $1 jsonb: deliveries, with id, round and attempts
-- What was begun, and ended by ourselves, was not tried.
update hub.deliveries as d set attempts = d.attempts - 1, due_at = hub.now_ms()
from jsonb_to_recordset($1::jsonb) as o (id uuid, round int, attempts int)
where d.id = o.id and d.round = o.round and d.attempts = o.attempts and d.state = 'waiting'
