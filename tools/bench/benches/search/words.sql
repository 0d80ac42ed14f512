-- Words that can be said, from the most frequent on: a few syllables from the number of the word.
create schema bench;
create function bench.word(n int) returns text language sql immutable as $$
  select (array['ba', 'ce', 'di', 'fo', 'gu', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'wo', 'zu', 'ka'])[1 + (n & 15)]
    || (array['n', 'r', 'l', 's', 't', 'm', 'd', 'x'])[1 + ((n >> 4) & 7)]
    || case when n < 128 then '' else
      (array['a', 'e', 'i', 'o', 'u', 'y', 'ai', 'ou'])[1 + ((n >> 7) & 7)] || (array['n', 'r', 'l', 's', 't', 'm', 'd', 'x'])[1 + ((n >> 10) & 7)]
    end
    || case when n < 8192 then '' else (array['a', 'e', 'i', 'o', 'u', 'y', 'ai', 'ou'])[1 + ((n >> 13) & 7)] end
$$;

insert into hub.users (id, kind, handle, display_name, role, created_at)
select ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'agent', 'u' || i, 'u' || i, 'member', 1
from generate_series(1, 121) as i;

-- Three that everybody may read, and 197 for some.
insert into hub.channels (id, kind, name, created_at)
select ('01900000-0000-7000-9000-' || lpad(to_hex(i), 12, '0'))::uuid, case when i <= 3 then 'public' else 'private' end, 'c' || i, 1
from generate_series(1, 200) as i;
