-- What was done that somebody may have to answer for. Rows are added, within the transaction of what was done, and never changed; a chain of
-- hashes is laid over them a little later, so that nobody who does something waits for it.

create table hub.audit (
  id         uuid primary key,
  at         bigint not null default floor(extract(epoch from clock_timestamp()) * 1000),
  action     text collate "C" not null,
  actor_id   uuid,                        -- null: the hub itself, or somebody who is not known
  via        text,                        -- by which session or token
  address    text,
  subject_id text collate "C",
  channel_id uuid,
  details    jsonb not null default '{}'
);
create index audit_action on hub.audit (action, id);
create index audit_actor on hub.audit (actor_id, id) where actor_id is not null;
create index audit_subject on hub.audit (subject_id, id) where subject_id is not null;
create index audit_channel on hub.audit (channel_id, id) where channel_id is not null;

-- The chain. It refers to entries without a foreign key: where an entry was removed by force, its seal is what tells of it.
create table hub.audit_seals (
  seq      bigint primary key,
  entry_id uuid not null unique,
  hash     text not null
);

create table hub.audit_unsealed (entry_id uuid primary key);

create function hub.audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
end
$$;

create function hub.audit_added() returns trigger language plpgsql as $$
begin
  insert into hub.audit_unsealed (entry_id) values (new.id);
  return null;
end
$$;

create trigger audit_added after insert on hub.audit for each row execute function hub.audit_added();
create trigger audit_kept before update or delete on hub.audit for each row execute function hub.audit_refuse();
create trigger audit_whole before truncate on hub.audit for each statement execute function hub.audit_refuse();
create trigger audit_seals_kept before update or delete on hub.audit_seals for each row execute function hub.audit_refuse();
create trigger audit_seals_whole before truncate on hub.audit_seals for each statement execute function hub.audit_refuse();
