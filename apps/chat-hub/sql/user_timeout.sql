-- $1 uuid: user   $2 int: seconds from now on, or null: none
update hub.users set timeout_until = hub.now_ms() + $2::bigint * 1000, rev = rev + 1 where id = $1::uuid
