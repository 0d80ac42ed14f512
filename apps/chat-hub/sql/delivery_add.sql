-- $1 uuid: webhook   $2 bigint: the number up to which the log was read   $3 jsonb: events, with id, seq and type
with moved as (
  update hub.webhooks set seq = $2::bigint, looked_at = hub.now_ms() where id = $1::uuid
)
insert into hub.deliveries (id, webhook_id, seq, type)
select e.id, $1::uuid, e.seq, e.type from jsonb_to_recordset($3::jsonb) as e (id uuid, seq bigint, type text)
on conflict (webhook_id, seq) do nothing
