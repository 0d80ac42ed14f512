-- When tokens were last used, for many of them at once.
update hub.tokens as t set last_used_at = greatest(t.last_used_at, g.at)
from unnest($1::uuid[], $2::bigint[]) as g (id, at)
where t.id = g.id
