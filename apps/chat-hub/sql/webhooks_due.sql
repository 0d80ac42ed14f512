-- $1 bigint: after so many milliseconds the queue has lost a turn
-- Begins turns of webhooks that have something to tell and have none, or had one that nobody took.
with chosen as (
  select w.id from hub.webhooks as w
  where (w.queued_at is null or w.queued_at < hub.now_ms() - $1::bigint)
    and (w.paused_until is null or w.paused_until <= hub.now_ms())
    and exists (
      select from hub.deliveries as d where d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= (select hub.now_ms())
    )
    and hub.webhook_stands(w)
  limit 100 for no key update of w skip locked
)
update hub.webhooks as w set queued_at = hub.now_ms(), turn = w.turn + 1 from chosen where w.id = chosen.id returning w.id, w.turn
