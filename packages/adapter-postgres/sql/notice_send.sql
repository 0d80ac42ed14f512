-- $1 text: topic   $2 text: channel   $3 text[]: notices
-- Sends each notice as "<life> <position> <notice>". Senders wait for each other at the row of the topic until they have committed, so
-- positions are given in the order in which listeners hear of them, and none is left out.
with moved as (
  insert into parley.notice_positions as p (topic, position)
  values ($1, cardinality($3::text[]))
  on conflict (topic) do update set position = p.position + excluded.position
  returning life, position - cardinality($3::text[]) as before
)
select pg_notify($2, concat_ws(' ', life, before + ordinal, notice))
from moved cross join unnest($3::text[]) with ordinality as u (notice, ordinal)
