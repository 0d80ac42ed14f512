-- $1 uuid: webhook   $2 bigint: turn   $3 int: how many at once   $4 int: milliseconds until somebody else may try them
-- What is to be told next, one at a time while the address fails; nothing when the turn is over.
with held as (
  update hub.webhooks as w set queued_at = hub.now_ms()
  where w.id = $1::uuid and w.turn = $2::bigint and w.queued_at is not null
    and (w.paused_until is null or w.paused_until <= hub.now_ms()) and hub.webhook_stands(w)
  returning w.id, w.channel_id, w.url, w.secret, w.failures
), next as (
  select d.id from hub.deliveries as d
  where d.webhook_id = $1::uuid and d.state = 'waiting' and d.due_at <= (select hub.now_ms())
  order by d.due_at, d.id limit coalesce((select case when h.failures > 0 then 1 else $3::int end from held as h), 0) for no key update of d skip locked
)
update hub.deliveries as d set attempts = d.attempts + 1, tried_at = hub.now_ms(), due_at = hub.now_ms() + $4::int
from next, held as h where d.id = next.id and d.webhook_id = h.id
returning d.id, d.round, d.attempts, d.seq, h.channel_id, h.url, h.secret, h.failures
