-- Answers: version, whether it is a standby, whether it refuses writes, client connections, their limit, age of the oldest transaction (s).
select
  current_setting('server_version'),
  pg_is_in_recovery(),
  current_setting('transaction_read_only') = 'on',
  (select count(*) from pg_stat_activity where backend_type = 'client backend'),
  current_setting('max_connections'),
  (
    select round(extract(epoch from clock_timestamp() - min(xact_start)))
    from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()
  )
