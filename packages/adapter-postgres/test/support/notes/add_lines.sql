-- $1 text[]: lines
insert into notes.lines (line, words)
select u.line, notes.words_of(u.line) from unnest($1::text[]) with ordinality as u (line, nth) order by u.nth
returning id, words
