-- $1 uuid[]: channels   $2 bigint[]: the heads of their logs that are known
-- $3 uuid[]: users   $4 bigint[]: their revs that are known
-- Answers those that have moved on.
select 'channel', c.id, c.last_seq from unnest($1::uuid[], $2::bigint[]) as k (id, seq) join hub.channels as c on c.id = k.id
where c.last_seq <> k.seq
union all
select 'user', u.id, u.rev from unnest($3::uuid[], $4::bigint[]) as k (id, rev) join hub.users as u on u.id = k.id
where u.rev <> k.rev
