-- As hub.append, for several channels at once: what is committed together costs one commit. Channels whose rows somebody else holds are left out, and
-- told as `busy`: so nobody waits for a channel that is not their own, and those who hold several wait for none. Each message names its channel by its
-- place in `wanted`, with `known` beside it the rev that it was allowed on. In one call nobody may use one client id for two channels.
create function hub.append_many(wanted uuid[], known_revs bigint[], batch jsonb)
returns table (nth int, seq bigint, id uuid, at bigint, channel_id uuid, again boolean, busy boolean)
language plpgsql set jit = off as $$
#variable_conflict use_column
declare
  held uuid[];
  moment bigint := floor(extract(epoch from clock_timestamp()) * 1000);
begin
  select coalesce(array_agg(h.id), '{}') into held
  from (select c.id from hub.channels as c where c.id = any (wanted) order by c.id for no key update skip locked) as h;
  return query
  with asked as (
    select c.id, c.last_seq, c.message_count, w.place
    from unnest(wanted, known_revs) with ordinality as w (id, rev, place) join hub.channels as c on c.id = w.id and c.rev = w.rev
    where w.id = any (held)
  ), given as (
    select g.*, a.id as channel, a.last_seq, a.message_count
    from jsonb_to_recordset(batch) as g (
      nth int, place int, id uuid, kind text, sender_id uuid, client_id text, content text, thread_id uuid, reply_to uuid, mentions jsonb,
      mentioned uuid[], turn_id text, caused_by uuid, streaming text, model text, data jsonb, counts boolean
    ) join asked as a on a.place = g.place
  ), known as (
    select g.nth, m.seq, m.id, m.at, m.channel_id
    from given as g join hub.messages as m on m.sender_id = g.sender_id and m.client_id = g.client_id
  ), silent as (
    select g.nth from given as g join hub.users as u on u.id = g.sender_id
    where u.timeout_until > moment and g.nth not in (select k.nth from known as k)
  ), fresh as (
    select g.*, g.last_seq + row_number() over (partition by g.channel order by g.nth) as seq,
      case when g.counts then
        coalesce(t.replies, g.message_count)
          + count(*) filter (where g.counts) over (partition by g.channel, g.thread_id order by g.nth)
      end as ordinal
    from given as g left join hub.threads as t on t.root_id = g.thread_id
    where g.nth not in (select k.nth from known as k) and g.nth not in (select s.nth from silent as s)
  ), added as (
    insert into hub.messages (
      channel_id, seq, id, kind, sender_id, client_id, content, at, thread_id, reply_to, mentions, ordinal, turn_id, caused_by, streaming, model,
      data
    )
    select f.channel, f.seq, f.id, f.kind, f.sender_id, f.client_id, f.content, moment, f.thread_id, f.reply_to, f.mentions, f.ordinal,
      f.turn_id, f.caused_by, coalesce(f.streaming, 'none'), f.model, f.data
    from fresh as f
  ), moved as (
    update hub.channels as c set last_seq = c.last_seq + d.entries, message_count = c.message_count + d.messages
    from (
      select f.channel, count(*) as entries, count(*) filter (where f.counts and f.thread_id is null) as messages
      from fresh as f group by f.channel
    ) as d
    where c.id = d.channel
  ), noted as (
    insert into hub.mentions (user_id, channel_id, seq) select unnest(f.mentioned), f.channel, f.seq from fresh as f
  ), marked as (
    update hub.members as m set skipped = m.skipped + d.own, mentions = m.mentions + d.mentioned
    from (
      select u.channel, u.user_id, count(*) filter (where u.own) as own, count(*) filter (where not u.own) as mentioned
      from (
        select f.channel, f.sender_id as user_id, true as own from fresh as f where f.counts and f.thread_id is null
        union all
        select f.channel, unnest(f.mentioned), false from fresh as f
      ) as u group by u.channel, u.user_id
    ) as d
    where m.channel_id = d.channel and m.user_id = d.user_id
  ), grown as (
    update hub.threads as t set replies = t.replies + d.replies, last_reply_at = moment
    from (select f.thread_id, count(*) as replies from fresh as f where f.counts group by f.thread_id) as d
    where t.root_id = d.thread_id
  ), followed as (
    insert into hub.thread_follows as o (root_id, user_id, following, read_count, skipped)
    select f.thread_id, f.sender_id, true, min(f.ordinal) - 1, count(*)
    from fresh as f where f.counts and f.thread_id is not null group by f.thread_id, f.sender_id
    on conflict (root_id, user_id) do update set skipped = o.skipped + excluded.skipped
  )
  select k.nth, k.seq, k.id, k.at, k.channel_id, true, false from known as k
  union all
  select s.nth, null, null, null, null, null, false from silent as s
  union all
  select f.nth, f.seq, f.id, moment, f.channel, false, false from fresh as f
  union all
  select g.nth, null, null, null, null, null, true
  from jsonb_to_recordset(batch) as g (nth int, place int) where wanted[g.place] <> all (held);
end
$$;
