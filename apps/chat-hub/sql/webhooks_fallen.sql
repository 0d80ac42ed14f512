-- Ends webhooks whose maker may have none there any more, and those of deleted channels that have been told all of it.
update hub.webhooks as w set deleted_at = hub.now_ms(), url = '', secret = ''
where w.deleted_at is null and (
  not hub.webhook_stands(w)
  or exists (select from hub.channels as c where c.id = w.channel_id and c.deleted_at is not null and w.seq >= c.last_seq)
    and not exists (select from hub.deliveries as d where d.webhook_id = w.id and d.state = 'waiting')
)
returning w.id, w.channel_id, w.created_by
