-- For how many milliseconds the oldest entry waits for its seal; nothing: none does.
select greatest(hub.now_ms() - a.at, 0)
from hub.audit_unsealed as u join hub.audit as a on a.id = u.entry_id
order by u.entry_id limit 1
