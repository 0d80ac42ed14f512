-- $1 uuid: message   $2 text: content   $3 jsonb: whom it mentions   $4 uuid: who edits   $5 bigint: now
-- Keeps the text that was there. Nothing when it is the same.
with old as (
  select m.id, m.version, m.content from hub.messages as m where m.id = $1 and m.content is distinct from $2
), kept as (
  insert into hub.edits (message_id, version, content, editor_id, at) select old.id, old.version, old.content, $4, $5 from old
)
update hub.messages as m set content = $2, mentions = $3::jsonb, edited_at = $5, version = m.version + 1
from old where m.id = old.id returning m.version
