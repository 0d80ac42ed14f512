-- Webhooks: addresses by which other programs write to a channel, and addresses of others that are told what happens in one.

create table hub.incoming_webhooks (
  id         uuid primary key,
  channel_id uuid not null references hub.channels,
  user_id    uuid not null references hub.users,   -- in whose name it writes
  name       text not null,
  hash       bytea not null unique,                -- of the secret in its address
  created_by uuid not null,
  created_at bigint not null default hub.now_ms()
);
create index incoming_webhooks_channel on hub.incoming_webhooks (channel_id, id);
create index incoming_webhooks_user on hub.incoming_webhooks (user_id);

create table hub.webhooks (
  id         uuid primary key,
  channel_id uuid not null references hub.channels,
  name       text not null,
  url        text not null,
  secret     text not null,                        -- as it is: what is signed with it cannot be signed with a hash
  events     text[] not null,
  created_by uuid not null,
  created_at bigint not null default hub.now_ms(),
  seq        bigint not null,                      -- of the log, up to which deliveries were made of it
  looked_at  bigint not null default hub.now_ms(), -- when it was: who waits for longest is next
  turn       bigint not null default 0,            -- counts up when a worker is told of it: of two turns the later one counts
  queued_at  bigint,                               -- null: no worker was told that there is something to tell
  failures   int not null default 0,               -- in a row, of the address and not of what it was told
  paused_until bigint,                             -- until when it is not called
  deleted_at bigint                                -- what was told is removed little by little, and the row last
) with (fillfactor = 70);
create index webhooks_channel on hub.webhooks (channel_id, id);

-- What is told is not kept here: it is read from the log each time, so that nothing is told that was deleted meanwhile.
create table hub.deliveries (
  id         uuid primary key,
  webhook_id uuid not null references hub.webhooks,
  seq        bigint not null,
  type       text not null,
  state      text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  round      int not null default 0,               -- counts up when somebody wants it told once more
  attempts   int not null default 0,               -- counted before it is tried: one that kills its node is given up as well
  status     int,
  error      text,
  created_at bigint not null default hub.now_ms(),
  tried_at   bigint,
  due_at     bigint not null default hub.now_ms(), -- not before; while it is tried, when somebody else may
  since      bigint not null default hub.now_ms(), -- when it began to wait
  unique (webhook_id, seq)
) with (fillfactor = 70);
create index deliveries_of on hub.deliveries (webhook_id, id);
create index deliveries_due on hub.deliveries (webhook_id, due_at) where state = 'waiting';
create index deliveries_waiting on hub.deliveries (since) where state = 'waiting';
create index deliveries_old on hub.deliveries (created_at) where state <> 'waiting';

-- Whether who made a webhook may have one there still: as `standingIn` says of who manages a channel. A mute or a time-out passes, and ends none;
-- of a channel that was deleted the last is told, although nobody is in it any more.
create function hub.webhook_stands(w hub.webhooks) returns boolean language sql stable as $$
  select w.deleted_at is null and exists (
    select from hub.users as u join hub.channels as c on c.id = w.channel_id
      left join hub.members as m on m.channel_id = c.id and m.user_id = u.id
    where u.id = w.created_by and u.deactivated_at is null and (
      c.deleted_at is not null
      or (u.role <> 'observer' and case
        when m.role is null then c.kind = 'public' and u.role in ('owner', 'admin')
        else m.role in ('owner', 'admin') or u.role in ('owner', 'admin')
      end)
    )
  )
$$;
