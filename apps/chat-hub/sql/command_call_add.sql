-- $1 uuid: id   $2 uuid: command   $3 uuid: channel   $4 uuid: who typed it   $5 text: client id   $6 text: text   $7 bytea: hash of the secret, or null
-- $8 bigint: for how many milliseconds it can be answered
-- Nothing when it was typed already.
insert into hub.command_calls (id, command_id, channel_id, user_id, client_id, text, hash, expires_at)
values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::bytea, hub.now_ms() + $8::bigint)
on conflict (user_id, client_id) do nothing returning id
