-- Files: what is known of them. Their bytes are in a folder or an object store, in parts that are written once and never changed, each under a
-- key of its own that is noted here before anything is written: whatever is there can be found and removed, whoever died when.

create table hub.files (
  id             uuid primary key,
  channel_id     uuid not null,
  user_id        uuid not null,
  client_id      text collate "C" not null,
  name           text not null,
  size           bigint not null,
  received       bigint not null default 0,
  attempt        int not null default 0,  -- goes up when all that came is given up
  state          text not null default 'uploading' check (state in ('uploading', 'ready')),
  type           text not null default 'application/octet-stream',
  sha256         text,
  width          int,
  height         int,
  preview_width  int,
  preview_height int,
  created_at     bigint not null,
  kept_until     bigint,        -- null: a message has it
  deleted_at     bigint         -- from then on it is nobody's, and its bytes are removed
);
-- A client that repeats itself goes on with what it began.
create unique index files_once on hub.files (user_id, client_id) where deleted_at is null;
create index files_own on hub.files (user_id, id) where deleted_at is null;
create index files_channel on hub.files (channel_id, id) where deleted_at is null;
create index files_unkept on hub.files (kept_until) where kept_until is not null and deleted_at is null;
create index files_deleted on hub.files (deleted_at) where deleted_at is not null;

create table hub.file_parts (
  key        text collate "C" primary key,
  file_id    uuid not null,
  place      bigint not null,   -- of its first byte
  size       bigint not null,
  state      text not null check (state in ('writing', 'stored', 'preview')),
  started_at bigint not null
);
create index file_parts_file on hub.file_parts (file_id, place);
create index file_parts_writing on hub.file_parts (started_at) where state = 'writing';

-- What a place has that is the one of these files: whoever finds it there is at the right one.
alter table hub.workspace add column files_at text collate "C";

-- A row stays when its file is gone: a message that had files says so.
create table hub.attachments (
  message_id uuid not null,
  nth        int not null,
  file_id    uuid not null,
  primary key (message_id, file_id)
);
create index attachments_file on hub.attachments (file_id);

-- How many bytes somebody has, and everybody together: the row without a user.
create table hub.file_usage (
  owner text collate "C" primary key,
  bytes bigint not null
) with (fillfactor = 50);

create function hub.file_view(f hub.files) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', f.id, 'channelId', f.channel_id, 'userId', f.user_id, 'name', f.name, 'size', f.size, 'received', f.received, 'state', f.state,
    'type', f.type, 'sha256', f.sha256, 'createdAt', f.created_at,
    'image', case when f.width is not null then jsonb_build_object('width', f.width, 'height', f.height) end,
    'preview', case when f.preview_width is not null then jsonb_build_object('width', f.preview_width, 'height', f.preview_height) end
  )
$$;

-- A message with its files, around whatever else is shown of it; and of one that is being streamed as much as was heard.
alter function hub.message_view(hub.messages) rename to message_alone;
create function hub.message_view(m hub.messages) returns jsonb language sql stable as $$
  select hub.message_alone(m) || coalesce((
    select jsonb_build_object('content', s.content) from hub.streams as s where m.streaming = 'open' and s.message_id = m.id
  ), '{}') || coalesce((
    select jsonb_build_object('files', coalesce(jsonb_agg(hub.file_view(f) order by a.nth) filter (where f.id is not null), '[]'))
    from hub.attachments as a
    left join hub.files as f on f.id = a.file_id and f.deleted_at is null and m.deleted_at is null
    where a.message_id = m.id having count(*) > 0
  ), '{}')
$$;

-- As hub.append, for messages with files. The channel is held, and then their files in one order, by whoever changes both. A message is left out when
-- one of its files was deleted since it was looked at, unless it is in the log already.
create function hub.append_with_files(channel uuid, known_rev bigint, batch jsonb)
returns table (nth int, seq bigint, id uuid, at bigint, channel_id uuid, again boolean)
language plpgsql set jit = off as $$
#variable_conflict use_column
declare
  sendable jsonb;
begin
  perform from hub.channels as c where c.id = channel for no key update;
  perform from hub.files as f
  where f.id in (
    select d.id::uuid from jsonb_to_recordset(batch) as g (files jsonb) cross join jsonb_array_elements_text(g.files) as d (id)
  )
  order by f.id for no key update;
  select coalesce(jsonb_agg(g.message), '[]') into sendable
  from jsonb_array_elements(batch) as g (message)
  where not exists (
    select from jsonb_array_elements_text(coalesce(g.message -> 'files', '[]')) as d (id)
      left join hub.files as f on f.id = d.id::uuid and f.state = 'ready' and f.deleted_at is null
    where f.id is null
  ) or exists (
    select from hub.messages as m
    where m.sender_id = (g.message ->> 'sender_id')::uuid and m.client_id = g.message ->> 'client_id'
  );
  return query
  with placed as (
    select p.nth, p.seq, p.id, p.at, p.channel_id, p.again from hub.append(channel, known_rev, sendable) as p
  ), attached as (
    insert into hub.attachments (message_id, nth, file_id)
    select p.id, d.nth, d.id::uuid
    from placed as p
      join jsonb_to_recordset(sendable) as g (nth int, files jsonb) on g.nth = p.nth
      cross join jsonb_array_elements_text(g.files) with ordinality as d (id, nth)
    where not p.again
    returning file_id
  ), kept as (
    update hub.files as f set kept_until = null from attached as a where f.id = a.file_id
  )
  select p.nth, p.seq, p.id, p.at, p.channel_id, p.again from placed as p;
end
$$;

-- A message says of itself whether it has a file that is there, which is what is searched for. Whatever gives or takes files is noticed.
create function hub.note_files() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update hub.messages as m set has_files = true
    where m.id = new.message_id and not m.has_files
      and exists (select from hub.files as f where f.id = new.file_id and f.deleted_at is null);
  else
    update hub.messages as m set has_files = false
    where m.id in (select a.message_id from hub.attachments as a where a.file_id = new.id) and m.has_files and not exists (
      select from hub.attachments as a join hub.files as f on f.id = a.file_id where a.message_id = m.id and f.deleted_at is null
    );
  end if;
  return null;
end
$$;
create trigger attachments_noted after insert on hub.attachments for each row execute function hub.note_files();
create trigger files_noted after update of deleted_at on hub.files for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function hub.note_files();
