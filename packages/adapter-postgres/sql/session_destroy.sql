-- $1 text[]: ids   $2 text: token   $3 float8: how long stones stay (ms)
-- Leaves a stone also where there was nothing, which nobody has ended then. Answers each id, and whether this token has ended its session. Rows are
-- locked in the order of their ids.
-- A crash must not take it back: where commits are not waited for, this one is.
select g.id, parley.session_destroy(g.id, $2::text, $3::float8)
from (select distinct i.id collate "C" as id from unnest($1::text[]) as i (id) order by id) as g
where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
