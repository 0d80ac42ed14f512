-- $1 uuid: webhook   $2 jsonb: what became of deliveries, with id, round, attempts, state, status, error and pause in ms
-- $3 boolean: whether the address failed; null: it was not heard of   $4 bigint: until when it is left alone, in ms; null: it is not
-- What was told is told, whatever somebody else has noted. What failed counts if nobody has begun it anew.
with heard as (
  update hub.webhooks set failures = case when $3::boolean then failures + 1 else 0 end, paused_until = hub.now_ms() + $4::bigint
  where id = $1::uuid and $3::boolean is not null and (failures > 0 or $3::boolean)
)
update hub.deliveries as d set state = o.state, status = o.status, error = o.error, tried_at = hub.now_ms(), due_at = hub.now_ms() + o.pause
from jsonb_to_recordset($2::jsonb) as o (id uuid, round int, attempts int, state text, status int, error text, pause bigint)
where d.id = o.id and d.round = o.round
  and ((o.state = 'delivered' and d.state <> 'delivered') or (d.state = 'waiting' and d.attempts = o.attempts))
