-- $1 bigint: milliseconds
delete from hub.command_calls where id in (
  select id from hub.command_calls where expires_at < hub.now_ms() - $1::bigint order by expires_at limit 1000
)
