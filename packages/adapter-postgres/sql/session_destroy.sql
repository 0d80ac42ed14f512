-- $1 text[]: ids   $2 text: token   $3 float8: how long stones stay (ms)
-- Leaves a stone also where there was nothing, which nobody has ended then. Answers each id, and whether this token has ended its session. Rows are
-- locked in the order of their ids.
-- A crash must not take it back: where commits are not waited for, this one is.
with given as (
  select u.id, statement_timestamp() as now, statement_timestamp() + $3::float8 * interval '1 ms' as until
  from (select distinct i.id collate "C" as id from unnest($1::text[]) as i (id)) as u
  where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
  order by u.id
)
insert into parley.sessions as s (id, version, data, created, seen, until, last, due, ended)
select g.id, '', '', g.now, g.now, g.until, g.until, parley.session_due(g.until), '' from given as g
on conflict (id) do update set
  version = '', username = null, data = '', address = null, agent = null,
  until = excluded.until, last = excluded.last, due = excluded.due,
  ended = case
    when s.until <= clock_timestamp() then ''
    when s.ended is null then $2::text
    else s.ended
  end
returning s.id, s.ended = $2::text
