-- How many entries wait for their seals, for how many milliseconds the oldest does, and the first one that waits and is gone.
select (select count(*) from hub.audit_unsealed),
  coalesce((
    select greatest(hub.now_ms() - a.at, 0)
    from hub.audit_unsealed as u join hub.audit as a on a.id = u.entry_id order by u.entry_id limit 1
  ), 0),
  (
    select u.entry_id from hub.audit_unsealed as u
    where not exists (select from hub.audit as a where a.id = u.entry_id) order by u.entry_id limit 1
  )
