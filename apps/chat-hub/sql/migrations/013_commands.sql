-- Commands: what is typed as `/name text` in a channel, posted to an address or answered by an agent.

create table hub.commands (
  id          uuid primary key,
  channel_id  uuid not null references hub.channels,
  name        text not null,
  description text not null,
  user_id     uuid not null references hub.users,   -- in whose name it answers
  url         text,                                 -- null: this user answers it themselves
  secret      text,                                 -- as it is: what is signed with it cannot be signed with a hash
  created_by  uuid not null,
  created_at  bigint not null default hub.now_ms(),
  unique (channel_id, name),
  check ((url is null) = (secret is null))
);
create index commands_user on hub.commands (user_id);

-- What was typed is kept as long as it can be answered, and a little longer.
create table hub.command_calls (
  id         uuid primary key,
  command_id uuid not null references hub.commands on delete cascade,
  channel_id uuid not null,
  user_id    uuid not null,                         -- who typed it
  client_id  text not null,
  text       text not null,
  hash       bytea unique,                          -- of the secret in the address for answers
  error      text,
  created_at bigint not null default hub.now_ms(),
  expires_at bigint not null,
  unique (user_id, client_id)
);
create index command_calls_command on hub.command_calls (command_id, created_at);
create index command_calls_old on hub.command_calls (expires_at);

create table hub.command_answers (
  id         uuid primary key,
  call_id    uuid not null references hub.command_calls on delete cascade,
  client_id  text,
  visibility text not null check (visibility in ('caller', 'channel')),
  content    text,                                  -- null: it stands in the message
  message_id uuid,                                  -- null, and for the channel: it is not sent yet
  created_at bigint not null default hub.now_ms(),
  unique (call_id, client_id)
);
create index command_answers_call on hub.command_answers (call_id, id);
