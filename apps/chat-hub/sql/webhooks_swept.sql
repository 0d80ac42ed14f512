-- Forgets webhooks that were deleted, when nothing is left of what they told.
delete from hub.webhooks as w
where w.deleted_at is not null and not exists (select from hub.deliveries as d where d.webhook_id = w.id)
