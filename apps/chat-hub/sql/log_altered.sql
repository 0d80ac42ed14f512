-- $1 uuid[]: channels   $2 bigint[]: numbers of entries that were told   $3 bigint[]: the moments of these entries, -1 where not known
-- Answers a channel whose log has no such entry: it is shorter, or another entry has that number.
select k.id from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as k (id, seq, at) join hub.channels as c on c.id = k.id
where c.last_seq < k.seq
  or exists (select from hub.messages as m where m.channel_id = k.id and m.seq = k.seq and k.at >= 0 and m.at <> k.at)
  or exists (select from hub.changes as e where e.channel_id = k.id and e.seq = k.seq and k.at >= 0 and e.at <> k.at)
limit 1
