-- $1 uuid: call, or null   $2 uuid: who answers it   $3 bytea: hash of the secret, or null
-- One that can be answered, held until the end of the transaction.
select k.id, k.command_id, k.channel_id, k.user_id, c.name
from hub.command_calls as k join hub.commands as c on c.id = k.command_id
where k.expires_at > hub.now_ms()
  and (k.hash = $3::bytea or (k.id = $1::uuid and ($2::uuid is null or (c.user_id = $2::uuid and c.url is null))))
for no key update of k
