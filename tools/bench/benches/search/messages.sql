-- $1 int: from this number on   $2 int: up to this one
-- Six to nineteen words each, of 50,000 that are as frequent as words of a language are: the n-th has a share of about 1/n.
-- The first 15,000 are of somebody who left after them.
insert into hub.messages (channel_id, seq, id, kind, sender_id, content, at, ordinal)
select ('01900000-0000-7000-9000-' || lpad(to_hex(1 + i % 200), 12, '0'))::uuid, i, ('01900000-0000-7000-a000-' || lpad(to_hex(i), 12, '0'))::uuid,
  'message', ('01900000-0000-7000-8000-' || lpad(to_hex(case when i <= 15000 then 121 else 1 + (i * 7) % 120 end), 12, '0'))::uuid,
  (
    select string_agg(bench.word(n), ' ')
    from (select greatest(1, floor(power(50000, random()))::int) as n from generate_series(1, 6 + (i % 14)) offset 0) as g
  ),
  1700000000000 + i * 1000, i
from generate_series($1::int, $2::int) as i
