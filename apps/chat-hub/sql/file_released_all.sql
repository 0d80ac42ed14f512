-- $1 uuid: channel that was deleted   $2 bigint: now
-- Its files are nobody's.
update hub.files as f set kept_until = $2 where f.channel_id = $1 and f.deleted_at is null
