-- $1 text[]: lines   $2 jsonb[]: tags of each
insert into notes.lines (line, tags)
select u.line, u.tags from unnest($1::text[], $2::jsonb[]) with ordinality as u (line, tags, nth) order by u.nth
returning id
