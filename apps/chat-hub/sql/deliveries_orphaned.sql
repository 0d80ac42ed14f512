-- Forgets what was told by a webhook that was deleted.
delete from hub.deliveries where id in (
  select d.id from hub.webhooks as w cross join lateral (
    select d.id from hub.deliveries as d where d.webhook_id = w.id order by d.id limit 1000
  ) as d
  where w.deleted_at is not null limit 1000
)
