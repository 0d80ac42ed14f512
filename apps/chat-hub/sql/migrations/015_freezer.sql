-- Who froze a channel. A node of an earlier version freezes it without saying who: then the moment differs, and nobody is named.
alter table hub.channels
  add frozen_by    uuid,
  add frozen_by_at bigint;

create or replace function hub.channel_view(c hub.channels) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', c.id, 'kind', c.kind, 'name', c.name, 'topic', c.topic, 'description', c.description, 'createdBy', c.created_by,
    'createdAt', c.created_at, 'archivedAt', c.archived_at, 'seq', c.last_seq, 'rev', c.rev, 'memberCount', c.member_count,
    'frozenAt', c.frozen_at, 'frozenBy', case when c.frozen_by_at = c.frozen_at then c.frozen_by end,
    'slowSeconds', c.slow_seconds
  )
$$;
