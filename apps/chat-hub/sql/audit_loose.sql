-- $1 uuid: behind which entry, or none   $2 int: how many are looked at
-- Looks at a part of the log for an entry that is neither sealed nor waits for it: its seal was removed, or its place among those that wait. Answers
-- the first one, the last that was looked at, and how many were.
with part as (
  select a.id from hub.audit as a where $1::uuid is null or a.id > $1::uuid order by a.id limit $2::int
)
select
  (
    select p.id from part as p
    where not exists (select from hub.audit_seals as s where s.entry_id = p.id)
      and not exists (select from hub.audit_unsealed as u where u.entry_id = p.id)
    order by p.id limit 1
  ),
  (select p.id from part as p order by p.id desc limit 1),
  (select count(*) from part)
