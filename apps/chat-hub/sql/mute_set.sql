-- $1 uuid: channel   $2 uuid: user   $3 int: for how many seconds; null: until somebody says so
insert into hub.mutes (channel_id, user_id, at, until) values ($1::uuid, $2::uuid, hub.now_ms(), hub.now_ms() + $3::bigint * 1000)
on conflict (channel_id, user_id) do update set at = excluded.at, until = excluded.until
