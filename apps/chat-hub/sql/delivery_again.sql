-- $1 uuid: delivery   $2 uuid: its webhook
-- Begins it anew, and calls an address that was left alone: whoever asks for it has perhaps mended what was wrong.
with again as (
  update hub.deliveries set state = 'waiting', round = round + 1, attempts = 0, status = null, error = null, tried_at = null,
    due_at = hub.now_ms(), since = hub.now_ms()
  where id = $1::uuid and webhook_id = $2::uuid returning webhook_id
)
update hub.webhooks as w set paused_until = null from again as a where w.id = a.webhook_id returning w.id
