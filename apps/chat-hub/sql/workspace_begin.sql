-- $1 text: the nonce that is to be replaced
-- Begins another epoch of all logs; of several nodes that want to, the first does.
update hub.workspace set nonce = left(replace(gen_random_uuid()::text, '-', ''), 12) where nonce = $1
