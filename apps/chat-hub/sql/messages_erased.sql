-- $1 uuid[]: messages, which are deleted   $2 uuid: their channel   $3 bigint: the number of the last one
-- Nothing of what they said is left, nor of what they said before. That there was something is.
with forgotten as (
  delete from hub.edits as e where e.message_id = any ($1)
), erased as (
  update hub.messages as m set content = '', data = null, mentions = null where m.id = any ($1)
)
update hub.channels as c set retained_seq = $3 where c.id = $2
