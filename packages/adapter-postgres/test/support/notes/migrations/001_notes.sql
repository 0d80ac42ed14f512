-- What an application keeps for itself, in a schema of its own.
create table notes.lines (
  id   bigint generated always as identity primary key,
  line text not null
);
