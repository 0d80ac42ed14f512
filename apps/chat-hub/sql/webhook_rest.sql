-- $1 uuid: webhook   $2 bigint: turn
-- Ends a turn: who has more to tell gets another.
update hub.webhooks set queued_at = null where id = $1::uuid and turn = $2::bigint
