-- $1 uuid: webhook   $2 uuid: its channel
-- Nothing when it is not there. What signs, and where to, is forgotten at once.
update hub.webhooks set deleted_at = hub.now_ms(), url = '', secret = ''
where id = $1::uuid and channel_id = $2::uuid and deleted_at is null returning id
