-- Sessions. They are logged: a crash of the server signs nobody out, and brings back nobody who had signed out.
create table parley.sessions (
  id       text collate "C" primary key,
  version  text not null,
  username text collate "C",              -- null: nobody's
  data     text not null,
  address  text,
  agent    text,
  created  timestamptz not null,
  seen     timestamptz not null,
  until    timestamptz not null,          -- when it ends, if it is not seen again
  last     timestamptz not null,          -- its last moment
  due      timestamptz not null,          -- when it is swept, at the earliest: the hour in which it ends, or a later one
  ended    text,                          -- of a stone: who has destroyed the session, or given it another id; empty where there was none
  next     text collate "C"               -- of a stone: the id that the session got
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- What is seen is in neither of them most of the time, so that being seen stays in the page of the row (HOT).
create index sessions_username on parley.sessions (username) where username is not null;
create index sessions_due on parley.sessions (due);

create function parley.session_due(until timestamptz) returns timestamptz language sql stable as $$
  select to_timestamp(ceil(extract(epoch from until) / 3600) * 3600)
$$;

create function parley.session_ms(moment timestamptz) returns bigint language sql stable as $$
  select floor(extract(epoch from moment) * 1000)::bigint
$$;

-- Ends a session by an id that it has or had, and leaves a stone also where there was none. Answers whether this token has ended it. Behind each lock
-- it is looked again: what got another id in the meantime is still that session.
create function parley.session_destroy(given text, token text, stone_ms float8) returns boolean language plpgsql as $$
declare
  id_now text := given;
  stone timestamptz;
  found_stone parley.sessions;
begin
  loop
    stone := clock_timestamp() + stone_ms * interval '1 ms';
    insert into parley.sessions as s (id, version, data, created, seen, until, last, due, ended)
    values (id_now, '', '', clock_timestamp(), clock_timestamp(), stone, stone, parley.session_due(stone), '')
    on conflict (id) do update set
      version = '', username = null, data = '', address = null, agent = null,
      until = excluded.until, last = excluded.last, due = excluded.due,
      ended = case
        when s.until <= clock_timestamp() then ''
        when s.ended is null then session_destroy.token
        else s.ended
      end,
      next = case when s.until > clock_timestamp() then s.next end
    returning s.* into found_stone;
    exit when found_stone.next is null;
    id_now := found_stone.next;
  end loop;
  return found_stone.ended = token;
end
$$;

-- Ends sessions of a user: all of them, or but for one, or only one, by an id that it has or had. Answers how many; the only one is counted also if this
-- token has ended it before. Behind the locks it is looked again: what got another id in the meantime is still a session of the user.
create function parley.session_destroy_of(named text, token text, stone_ms float8, only_id text, except_id text) returns bigint
language plpgsql as $$
declare
  stone timestamptz;
  gone bigint;
  known parley.sessions;
begin
  loop
    perform from parley.sessions as s
    where s.username = named and s.ended is null and (only_id is null or s.id = only_id)
    order by s.id for update;
    stone := clock_timestamp() + stone_ms * interval '1 ms';
    update parley.sessions as s set
      version = '', username = null, data = '', address = null, agent = null,
      until = stone, last = stone, due = parley.session_due(stone), ended = token
    where s.username = named and s.ended is null and s.until > clock_timestamp()
      and (only_id is null or s.id = only_id) and s.id is distinct from except_id;
    get diagnostics gone = row_count;
    if only_id is null or gone > 0 then
      return gone;
    end if;
    select s.* into known from parley.sessions as s where s.id = only_id and s.until > clock_timestamp();
    if known.next is null then
      return (coalesce(known.ended, '') = token)::int;
    end if;
    only_id := known.next;
  end loop;
end
$$;
