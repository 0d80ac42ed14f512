alter table notes.lines add column words int not null default 0;

create function notes.words_of(line text) returns int language sql immutable
  return cardinality(regexp_split_to_array(line, '\s+'));
