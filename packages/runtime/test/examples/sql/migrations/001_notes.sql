create table notes.lines (
  id   bigint generated always as identity primary key,
  line text not null,
  tags jsonb not null
);
