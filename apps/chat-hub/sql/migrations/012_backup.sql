-- What was brought from elsewhere, and what it became here: an import that was interrupted goes on, and one that is repeated changes nothing.
create table hub.imported (
  source     text collate "C" not null,
  kind       text collate "C" not null check (kind in ('user', 'channel')),
  foreign_id text collate "C" not null,
  id         uuid not null,
  primary key (source, kind, foreign_id)
);

-- How long messages are kept. The log is gone through once, in its order: up to which number is noted.
alter table hub.channels
  add retention_days int check (retention_days >= 0),  -- null: as everywhere; 0: for ever
  add retained_seq bigint not null default 0;

-- As before, and a message may bring along when it was written: one that was written elsewhere.
-- Answers nothing when the channel is not as the caller believed (`known_rev`): who may send was decided on something that is no more.
-- A message that is there already, by its sender and the id that the sender's program gave it, is answered and not added. One of somebody in a
-- time-out is answered without a number, and not added: who sends may have been let in before it began. What was written elsewhere is not theirs to
-- send.
create or replace function hub.append(channel uuid, known_rev bigint, batch jsonb)
returns table (nth int, seq bigint, id uuid, at bigint, channel_id uuid, again boolean)
language plpgsql set jit = off as $$
#variable_conflict use_column
declare
  head hub.channels;
  moment bigint := floor(extract(epoch from clock_timestamp()) * 1000);
begin
  select * into head from hub.channels as c where c.id = channel for no key update;
  if head.rev is distinct from known_rev then return; end if;
  return query
  with given as (
    select g.* from jsonb_to_recordset(batch) as g (
      nth int, id uuid, kind text, sender_id uuid, client_id text, content text, thread_id uuid, reply_to uuid, mentions jsonb,
      mentioned uuid[], turn_id text, caused_by uuid, streaming text, model text, data jsonb, counts boolean,
      at bigint
    )
  ), known as (
    select g.nth, m.seq, m.id, m.at, m.channel_id
    from given as g join hub.messages as m on m.sender_id = g.sender_id and m.client_id = g.client_id
  ), silent as (
    select g.nth from given as g join hub.users as u on u.id = g.sender_id
    where g.at is null and u.timeout_until > moment and g.nth not in (select k.nth from known as k)
  ), fresh as (
    select g.*, head.last_seq + row_number() over (order by g.nth) as seq,
      case when g.counts then
        coalesce(t.replies, head.message_count) + count(*) filter (where g.counts) over (partition by g.thread_id order by g.nth)
      end as ordinal
    from given as g left join hub.threads as t on t.root_id = g.thread_id
    where g.nth not in (select k.nth from known as k) and g.nth not in (select s.nth from silent as s)
  ), added as (
    insert into hub.messages (
      channel_id, seq, id, kind, sender_id, client_id, content, at, thread_id, reply_to, mentions, ordinal, turn_id, caused_by, streaming, model,
      data
    )
    select channel, f.seq, f.id, f.kind, f.sender_id, f.client_id, f.content, coalesce(f.at, moment), f.thread_id, f.reply_to, f.mentions, f.ordinal,
      f.turn_id, f.caused_by, coalesce(f.streaming, 'none'), f.model, f.data
    from fresh as f
  ), moved as (
    update hub.channels as c set
      last_seq = c.last_seq + (select count(*) from fresh),
      message_count = c.message_count + (select count(*) from fresh as f where f.counts and f.thread_id is null)
    where c.id = channel
  ), noted as (
    insert into hub.mentions (user_id, channel_id, seq) select unnest(f.mentioned), channel, f.seq from fresh as f
  ), marked as (
    update hub.members as m set skipped = m.skipped + d.own, mentions = m.mentions + d.mentioned
    from (
      select u.user_id, count(*) filter (where u.own) as own, count(*) filter (where not u.own) as mentioned
      from (
        select f.sender_id as user_id, true as own from fresh as f where f.counts and f.thread_id is null
        union all
        select unnest(f.mentioned), false from fresh as f
      ) as u group by u.user_id
    ) as d
    where m.channel_id = channel and m.user_id = d.user_id
  ), grown as (
    update hub.threads as t set replies = t.replies + d.replies, last_reply_at = d.last
    from (select f.thread_id, count(*) as replies, max(coalesce(f.at, moment)) as last from fresh as f where f.counts group by f.thread_id) as d
    where t.root_id = d.thread_id
  ), followed as (
    insert into hub.thread_follows as o (root_id, user_id, following, read_count, skipped)
    select f.thread_id, f.sender_id, true, min(f.ordinal) - 1, count(*)
    from fresh as f where f.counts and f.thread_id is not null group by f.thread_id, f.sender_id
    on conflict (root_id, user_id) do update set skipped = o.skipped + excluded.skipped
  )
  select k.nth, k.seq, k.id, k.at, k.channel_id, true from known as k
  union all
  select s.nth, null, null, null, null, null from silent as s
  union all
  select f.nth, f.seq, f.id, coalesce(f.at, moment), channel, false from fresh as f;
end
$$;
